"""The executor `local`: an attempt is a process of this machine, in its own session, watched by its shim.

Unusual: nothing is kept in memory. Who runs an attempt is read from `heartbeat.json` and compared with the system's
own record of that process (number and start time), so a number that was given to another process is never mistaken
for ours. Every process of an attempt carries the environment variable `GLASSWORKS_ATTEMPT`, by which `owned` finds
even those whose parents are gone.
"""

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TypeVar

import psutil
from pydantic import ValidationError

from glassworks.common.clock import parse_utc
from glassworks.common.errors import Unavailable
from glassworks.engine.executor import Capacity, Executor, Observation, StopHow
from glassworks.engine.pace import PACE
from glassworks.specs.base import Spec
from glassworks.specs.order import ExitSpec, HeartbeatSpec, OrderSpec
from glassworks.storage.atomic import disk_full, read_json, write_json

SpecT = TypeVar("SpecT", bound=Spec)
SHIM = Path(__file__).resolve().parents[2] / "worker" / "shim.py"
MARKER = "GLASSWORKS_ATTEMPT"
STALL_S = 1800.0
START_LIMIT_S = 60.0
KILL_LIMIT_S = 30.0
FOREIGN_BEAT_S = 30.0
"""An attempt of another machine counts as running while its beat is younger than this."""


class LocalExecutor(Executor):
    """Starts attempts here. `stall_s`: seconds without progress after which the shim ends a worker."""

    def __init__(self, stall_s: float = STALL_S) -> None:
        self.stall_s = stall_s

    def submit(self, attempt_dir: Path, order: OrderSpec) -> None:
        attempt_dir = attempt_dir.resolve()
        write_json(attempt_dir / "order.json", order.to_json())
        argv = [sys.executable, "-P", "-m", "glassworks.worker", "run", str(attempt_dir)]
        self.start(attempt_dir, argv, order.resources.threads)

    def start(self, attempt_dir: Path, argv: list[str], threads: int = 1) -> None:
        """Run `argv` as the worker of an attempt."""
        attempt_dir = attempt_dir.resolve()
        shim = [sys.executable, "-I", "-S", str(SHIM), "--detach", "--attempt", str(attempt_dir)]
        shim += ["--stall-s", str(self.stall_s), "--", *argv]
        try:
            started = subprocess.run(
                shim,
                env=_environment(attempt_dir, threads),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                start_new_session=True,  # a Ctrl-C in the terminal is for the command line, not for the run
                timeout=START_LIMIT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            self.reap(attempt_dir)
            raise _not_started(attempt_dir, str(error)) from error
        if started.returncode != 0:
            if f"[Errno {errno.ENOSPC}]" in started.stderr:
                raise disk_full(attempt_dir)
            last_line = (started.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise _not_started(attempt_dir, last_line)

    def observe(self, attempt_dir: Path) -> Observation:
        beat = _read(attempt_dir / "heartbeat.json", HeartbeatSpec)
        is_alive = beat is not None and _is_alive(beat, attempt_dir / "heartbeat.json")
        ended = _read(attempt_dir / "exit.json", ExitSpec)
        if ended is not None:
            return Observation(is_running=False, exit=ended)
        return Observation(is_running=is_alive)

    def stop(self, attempt_dir: Path, how: StopHow) -> None:
        if not self.observe(attempt_dir).is_running:
            return
        self._request(attempt_dir, "stop" if how == "save" else "kill")
        if how == "kill":
            deadline = time.monotonic() + KILL_LIMIT_S
            while self.observe(attempt_dir).is_running and time.monotonic() < deadline:
                time.sleep(0.02)
            self.reap(attempt_dir)

    def logs(self, attempt_dir: Path, last_bytes: int = 20_000) -> str:
        try:
            with (attempt_dir / "output.txt").open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - last_bytes))
                return file.read().decode(errors="replace")
        except FileNotFoundError:
            return ""

    def owned(self, attempt_dir: Path) -> list[int]:
        return sorted(process.pid for process in _owned(attempt_dir.resolve()))

    def reap(self, attempt_dir: Path) -> None:
        deadline = time.monotonic() + KILL_LIMIT_S
        while left := _owned(attempt_dir.resolve()):
            for process in left:
                _kill(process)
            time.sleep(0.005)
            if time.monotonic() > deadline:
                raise Unavailable(
                    "process-left",
                    f"Process {left[0].pid} of an earlier attempt cannot be ended.",
                    "It may wait for a disk or a device that does not answer; end it, then run again.",
                    str(attempt_dir),
                )

    def capacity(self) -> Capacity:
        return Capacity(_num_usable_cores(), psutil.virtual_memory().total)

    def selftest(self) -> list[str]:
        with tempfile.TemporaryDirectory(prefix="glassworks-") as folder:
            attempt_dir = Path(folder)
            self.start(attempt_dir, [sys.executable, "-c", "raise SystemExit(7)"])
            deadline = time.monotonic() + START_LIMIT_S
            while (seen := self.observe(attempt_dir)).is_running and time.monotonic() < deadline:
                time.sleep(0.02)
            self.reap(attempt_dir)
        if seen.exit is None or seen.exit.returncode != 7:
            return ["a program that was started did not report its end"]
        return [f"this system has no {name}" for name in seen.exit.missing]

    def _request(self, attempt_dir: Path, name: str) -> None:
        """A request is a file; where there is no room for one, it is a signal."""
        try:
            (attempt_dir / name).touch()
        except OSError:
            beat = _read(attempt_dir / "heartbeat.json", HeartbeatSpec)
            if beat is not None and _is_alive(beat, attempt_dir / "heartbeat.json"):
                for _ in range(1 if name == "stop" else 2):
                    os.kill(beat.shim_pid, signal.SIGTERM)
                    time.sleep(0.05)


def _environment(attempt_dir: Path, threads: int) -> dict[str, str]:
    return {
        **PACE,
        **os.environ,
        MARKER: str(attempt_dir),
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
        "TOKENIZERS_PARALLELISM": "true" if threads > 1 else "false",
        "RAYON_NUM_THREADS": str(threads),
        "PYTHONUNBUFFERED": "1",
        "PYTHONFAULTHANDLER": "1",
        "PYTHONHASHSEED": "0",
    }


def _not_started(attempt_dir: Path, why: str) -> Unavailable:
    return Unavailable(
        "worker-not-started",
        f"The program that does the work could not be started: {why}",
        "`glassworks doctor` checks what is needed for it.",
        str(attempt_dir),
    )


# --- who is alive ------------------------------------------------------------------------------------------------


def _is_alive(beat: HeartbeatSpec, file: Path) -> bool:
    if beat.machine != _machine_identity():
        return time.time() - file.stat().st_mtime < FOREIGN_BEAT_S
    if beat.shim_start:
        return _start_ticks(beat.shim_pid) == beat.shim_start
    try:
        created = psutil.Process(beat.shim_pid).create_time()
    except psutil.Error:
        return False
    return abs(created - parse_utc(beat.started_at).timestamp()) < 30


def _machine_identity() -> str:
    """The same words as the shim's: this boot of this machine and its process numbers."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        names = os.readlink("/proc/self/ns/pid")  # noqa: PTH115 (not a path)
    except OSError:
        boot = names = ""
    return f"{socket.gethostname()}/{boot}/{names}"


def _start_ticks(pid: int) -> str:
    """Clock ticks since boot at which a living process started; empty when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = text.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def _owned(attempt_dir: Path) -> list[psutil.Process]:
    """Living processes that carry the attempt's mark, and their descendants."""
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARKER) == str(attempt_dir):
                found |= {p.pid: p for p in (process, *process.children(recursive=True))}
        except (psutil.Error, OSError):
            continue
    found.pop(os.getpid(), None)
    return [process for process in found.values() if _is_running(process)]


def _is_running(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _kill(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.Error):
        process.kill()


def _num_usable_cores() -> int:
    """Cores that this process may use, fewer than the machine's inside a container."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _read(path: Path, kind: type[SpecT]) -> SpecT | None:
    """A document of the attempt's folder; None while it is not there."""
    try:
        return kind.model_validate(read_json(path))
    except (OSError, ValueError, ValidationError):
        return None
