"""Running attempts in tests: a small stage that counts, brought by a plugin, and the folders that it needs.

`count` goes up to `steps`, one row per step, a saved state every `save_every`; its output is the sum. `trouble` makes
it misbehave at step 3.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from glassworks.engine.executors.local import LocalExecutor
from glassworks.specs.order import ExitSpec, OrderSpec
from glassworks.storage.store import Store, open_store

COUNT_SOURCE = '''
import errno, os, subprocess, sys, time
from pathlib import Path
from typing import Annotated, Literal

from glassworks.common.errors import BadData
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.events import FindingRaised
from glassworks.specs.stage import Port, Ports, Stage, Stopped


class Count(Stage):
    """Count up."""

    version = 3

    class Config(BaseConfig):
        steps: int = 5
        save_every: int = 2
        pause_s: float = 0.0
        trouble: str = ""
        pid_file: str = ""
        saves_beside: bool = False

    class Inputs(Ports):
        start: Annotated[Path | None, Port("dataset", "a number")] = None

    class Outputs(Ports):
        total: Annotated[Path, Port("evaluation", "the sum")]

    def run(self, ctx):
        config = ctx.config
        total = int((ctx.inputs.start / "n.txt").read_text()) if ctx.inputs.start else 0
        first = 0
        if ctx.resume_from:
            first, total = map(int, (ctx.resume_from / "state.txt").read_text().split())

        def write(folder):
            (folder / "state.txt").write_text(f"{step} {total}")
            (folder / "model.txt").write_text(f"{total}")

        for step in range(first + 1, config.steps + 1):
            total += step
            ctx.metrics({"step": step, "total": total})
            ctx.progress(step, config.steps, "steps", "counting")
            time.sleep(config.pause_s)
            if config.trouble and step == 3:
                trouble(config, ctx)
            if ctx.should_stop():
                ctx.save_state(step, write, ("model.txt",))
                raise Stopped
            if step % config.save_every == 0 and config.saves_beside:
                ctx.save_in_background(step, lambda: copy_of(step, total), ("model.txt",), keep=2)
            elif step % config.save_every == 0:
                ctx.save_state(step, write, ("model.txt",), keep=2)
        if config.trouble != "empty":
            (ctx.outputs.total / "total.txt").write_text(str(total))
        ctx.summarize("total", {"total": total})


def copy_of(step, total):
    def write(folder):
        (folder / "state.txt").write_text(f"{step} {total}")
        (folder / "model.txt").write_text(f"{total}")

    return write


def trouble(config, ctx):
    match config.trouble:
        case "crash":
            raise ValueError("no such number")
        case "known":
            raise BadData("bad-count", "The count is bad.", "Count better.", "line 3")
        case "memory":
            raise MemoryError
        case "torch-memory":
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")
        case "no-room":
            raise OSError(errno.ENOSPC, "No space left on device")
        case "hidden-no-room":
            try:
                raise OSError(errno.EFBIG, "File too large")
            except OSError as error:
                raise RuntimeError("writing failed") from error
        case "leave":
            sys.exit(0)
        case "child":
            code = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.setsid()\\n"
            child = subprocess.Popen([sys.executable, "-c", code + "time.sleep(600)"])
            Path(config.pid_file).write_text(str(child.pid))
        case "flood":
            for i in range(100_000):
                ctx.emit(FindingRaised(level="note", code="x", message="y" * 500))
'''


class Attempts:
    """One store with one run's folder, and attempts in it."""

    def __init__(self, root: Path) -> None:
        self.store: Store = open_store(root / "store")
        self.root = root
        self.executor = LocalExecutor()

    def order(self, number: int, **fields: Any) -> OrderSpec:
        config = fields.pop("config", {})
        full = {"steps": 5, "save_every": 2, "pause_s": 0.0, "trouble": "", "pid_file": ""}
        return OrderSpec(
            run="r000000000",
            attempt=number,
            stage=fields.pop("stage", "count"),
            version=fields.pop("version", 3),
            config={**full, **config},
            store=str(self.store.root),
            **fields,
        )

    def start(self, number: int, **fields: Any) -> Path:
        folder = self.root / "attempts" / str(number)
        folder.mkdir(parents=True)
        self.executor.submit(folder, self.order(number, **fields))
        return folder

    def run(self, number: int, **fields: Any) -> tuple[Path, ExitSpec]:
        folder = self.start(number, **fields)
        return folder, self.wait(folder)

    def wait(self, folder: Path) -> ExitSpec:
        until(lambda: not self.executor.observe(folder).is_running)
        ended = self.executor.observe(folder).exit
        assert ended is not None, self.executor.logs(folder)
        return ended


def until(is_so: Callable[[], Any], limit_s: float = 60.0) -> None:
    deadline = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that only waits to be collected by its parent has."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
