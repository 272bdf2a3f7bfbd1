"""A Glassworks home of a test's own, and the shipped command line in real processes on it.

In: a folder. Out: finished or running commands, and what lies in the home afterwards. Whoever makes a `House` calls
`end()` at last: whatever still runs in it is ended.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from glassworks.engine.executors.local import LocalExecutor
from glassworks.specs.run import RunState
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store, open_store

COMMAND = Path(sys.executable).with_name("glassworks")
LIMIT_S = 900.0
HIDDEN = {
    "COLUMNS",
    "FORCE_COLOR",
    "GLASSWORKS_DEBUG",
    "GLASSWORKS_STORE",
    "NO_COLOR",
    "OMP_NUM_THREADS",
}


class House:
    """`GLASSWORKS_HOME` at `home`, and commands in it."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @property
    def store(self) -> Store:
        return open_store(self.home / "store")

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in HIDDEN}
        return {**kept, "GLASSWORKS_HOME": str(self.home), **more}

    def start(
        self, *arguments: str, preexec: Callable[[], None] | None = None, **environment: str
    ) -> "subprocess.Popen[str]":
        """The command line as it is installed, with `arguments`; its output can be read."""
        return subprocess.Popen(
            [str(COMMAND), *arguments],
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=preexec,  # noqa: PLW1509 (sets a limit or a user, nothing else)
        )

    def run(
        self, *arguments: str, preexec: Callable[[], None] | None = None, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        process = self.start(*arguments, preexec=preexec, **environment)
        out, err = process.communicate(timeout=LIMIT_S)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def must(self, *arguments: str) -> dict[str, Any]:
        """Run a command that has to succeed; returns its JSON object."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def flow_runs(self) -> list[RunFolder]:
        """Runs of whole recipes, newest first."""
        return [run for run in self.store.runs.all() if run.spec().kind == "flow"]

    def node(self, name: str) -> RunFolder | None:
        """The newest run of the node `name`."""
        runs = ((run, run.spec().node) for run in self.store.runs.all())
        return next((run for run, node in runs if node is not None and node.name == name), None)

    def state_of(self, name: str) -> RunState:
        """How the newest run of the node `name` stands."""
        run = self.node(name)
        assert run is not None
        return run.state()

    def attempts(self) -> list[Path]:
        """Every attempt's folder."""
        return sorted(self.home.glob("store/runs/*/attempts/*"))

    def leftovers(self) -> list[Path]:
        """Half-made things: temporary files and folders anywhere in the store."""
        names = ("*.tmp", "*.part", "*.doomed", ".*.tmp", ".*.part", ".*.doomed")
        return sorted({path for name in names for path in (self.home / "store").rglob(name)})

    def processes(self) -> list[int]:
        """Living processes of any attempt in this home."""
        executor = LocalExecutor()
        return [pid for attempt in self.attempts() for pid in executor.owned(attempt)]

    def end(self) -> None:
        for attempt in self.attempts():
            if not (attempt / "exit.json").exists():
                LocalExecutor().reap(attempt)
