"""What must hold after a command: two clear lines for a failure, and nothing half-made left behind."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from glassworks.engine.verify import verify_store
from tests.acceptance.house import LIMIT_S, House

Done = subprocess.CompletedProcess[str]


def check_told(done: Done, *words: str) -> None:
    """Exit code 2 and exactly two lines on stderr: what happened, and what to do. `words` are in them."""
    assert done.returncode == 2, done.stdout + done.stderr
    message, hint = done.stderr.splitlines()
    assert message.startswith("× ") and len(message) > 12, message
    assert hint.startswith("  ") and len(hint) > 12, hint
    assert "\x1b" not in done.stderr and "Traceback" not in done.stdout + done.stderr
    for word in words:
        assert word in done.stderr, done.stderr


def check_sound(house: House) -> None:
    """Nothing runs any more, nothing half-made lies about, and every byte of the store is what it was."""
    assert house.processes() == []
    assert house.leftovers() == []
    assert verify_store(house.store) == []


def check_nothing_made(house: House, artifacts: set[str], runs: set[str]) -> None:
    """A command that failed published nothing, and no run of it counts as done."""
    check_sound(house)
    kinds = {house.store.artifacts.manifest(a).kind for a in artifacts_of(house) - artifacts}
    assert kinds <= {"architecture"}, kinds  # the one document that a person writes in the recipe
    new = [run for run in house.store.runs.all() if run.id not in runs]
    assert [run.id for run in new if run.done() is not None] == []
    assert all(run.state().status != "running" for run in new)


def artifacts_of(house: House) -> set[str]:
    return set(house.store.artifacts.ids())


def runs_of(house: House) -> set[str]:
    return {run.id for run in house.store.runs.all()}


def wait_until(is_so: Callable[[], Any], process: "subprocess.Popen[Any]") -> None:
    """Wait for something that the running `process` brings about."""
    deadline = time.monotonic() + LIMIT_S
    while not is_so():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)


def states_of(house: House) -> list[Path]:
    """Whole saved states of all runs whose training is not done, oldest first."""
    runs = [run for run in house.store.runs.all() if run.done() is None]
    found = [path for run in runs for path in run.path.glob("attempts/*/state/step-*")]
    return sorted(found, key=lambda path: int(path.name.removeprefix("step-").partition(".")[0]))


def running_worker(house: House) -> int:
    """The process number of the one worker that runs."""
    beats = [a / "heartbeat.json" for a in house.attempts() if not (a / "exit.json").exists()]
    (beat,) = [beat for beat in beats if beat.exists()]
    return int(json.loads(beat.read_text("utf-8"))["pid"])
