"""The shim: the parent of every attempt. It starts the worker, watches over it, and leaves nothing behind.

In: `python -I shim.py --attempt DIR [--detach] [--stall-s N] -- ARGV...`. Out, all in the attempt folder:

    heartbeat.json  who runs: shim and worker process; written once, its *modification time* is the beat (1 s)
    output.txt      what the worker printed
    exit.json       how it ended: {pid, returncode, signal, started_at, ended_at, reason, ...}; the last thing written

Requests come as files (`stop`, `kill`) or as signals (first TERM or INT: stop; second: kill). Stop sends TERM to the
worker, once; kill ends everything. A worker that shows no progress for `--stall-s` seconds is killed: progress is a
change of `events.jsonl`, `metrics.jsonl`, `log.jsonl` or `progress`, never mere life.

Unusual: standard library only, so that a broken package cannot break supervision. On Linux the shim is a *child
subreaper*: whatever the worker started, however often it forked or changed its session, becomes the shim's child when
its parent dies, and is killed with the run. The worker in turn is killed by the kernel when the shim dies. Elsewhere
these two are missing and `exit.json` says so.
"""

import argparse
import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

IS_LINUX = sys.platform.startswith("linux")
BEAT_S = 1.0
TICK_S = 0.2
SWEEP_LIMIT_S = 20.0
RESERVED_BYTES = 4096
PROGRESS_FILES = ("events.jsonl", "metrics.jsonl", "log.jsonl", "progress")
STARTED = b"\0started"
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    options = parse_arguments()
    attempt = options.attempt.absolute()
    started = detach() if options.detach else lambda: None
    missing = protect()
    wake = listen_for_signals()
    reserve(attempt / "exit.json.part")
    run = Supervision(attempt, options.argv, options.stall_s, missing)
    run.start()
    started()
    run.follow(wake)
    run.finish()
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="shim", description="Run one attempt's worker.")
    parser.add_argument("--attempt", type=Path, required=True)
    parser.add_argument("--detach", action="store_true", help="return once the worker has started")
    parser.add_argument("--stall-s", type=float, default=1800.0)
    parser.add_argument("argv", nargs="+")
    return parser.parse_args()


# --- becoming a supervisor ---------------------------------------------------------------------------------------


def detach() -> Callable[[], None]:
    """Go on in a new process that belongs to nobody. Returns what to call once the worker has started.

    The caller's process waits for that call and then ends with 0; if the new process ends before it, the caller's
    process shows what it wrote to stderr and ends with 1.
    """
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(reader)
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream, target in ((0, nothing), (1, nothing), (2, writer)):
            os.dup2(target, stream)

        def started() -> None:
            os.write(writer, STARTED)
            os.close(writer)
            os.dup2(nothing, 2)

        return started
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    sys.stderr.write(said.removesuffix(STARTED).decode(errors="replace"))
    sys.stderr.flush()
    os._exit(0 if said.endswith(STARTED) else 1)


def protect() -> list[str]:
    """Own session and, on Linux, adoption of orphans. Returns the protections that this system does not have."""
    if os.getsid(0) != os.getpid():
        with contextlib.suppress(PermissionError):  # leads a group already: started from a shell
            os.setsid()
    if not IS_LINUX:
        return ["orphan adoption", "death with the shim"]
    return [] if prctl(PR_SET_CHILD_SUBREAPER, 1) else ["orphan adoption"]


def prctl(option: int, value: int) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(option, value, 0, 0, 0) == 0)


SIGNALS_SEEN: list[int] = []


def listen_for_signals() -> int:
    """Signals are noted and wake the loop; returns the readable end of the pipe that does the waking."""
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda n, _: SIGNALS_SEEN.append(n))
    signal.signal(signal.SIGCHLD, lambda _n, _f: None)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    return reader


# --- the supervision ---------------------------------------------------------------------------------------------


class Supervision:
    """One worker from its start to the last of its descendants."""

    def __init__(self, attempt: Path, argv: list[str], stall_s: float, missing: list[str]) -> None:
        self.attempt = attempt
        self.argv = argv
        self.stall_s = stall_s
        self.missing = missing
        self.reason = "exited"
        self.message = ""
        self.pid = 0
        self.status: int | None = None
        self.started_at = utc_now()
        self.oom_kills = count_oom_kills()
        self.idle_s = 0.0
        self.signature: tuple[tuple[int, int], ...] = ()

    def start(self) -> None:
        """Start the worker with its output in `output.txt`; a program that cannot start is told in `exit.json`."""
        environment = {**os.environ, "GLASSWORKS_ATTEMPT": str(self.attempt)}
        shim = os.getpid()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        output = os.open(self.attempt / "output.txt", flags, 0o644)
        try:
            worker = subprocess.Popen(
                self.argv,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=lambda: tie_to_parent(shim),  # noqa: PLW1509 (one thread: a fork is safe here)
            )
            self.pid = worker.pid
            worker.returncode = 0  # this object is done: `follow` waits for the process itself
        except OSError as error:
            self.reason, self.message, self.status = "not-started", str(error), 127 << 8
        finally:
            os.close(output)
        self.write_heartbeat()

    def follow(self, wake: int) -> None:
        """Until the worker has ended: beat, look for requests, look for progress."""
        last_beat = before = time.monotonic()
        while self.status is None:
            select.select([wake], [], [], TICK_S)
            drain(wake)
            now = time.monotonic()
            self.handle_requests()
            self.watch_progress(min(now - before, 2 * TICK_S))
            if now - last_beat >= BEAT_S:
                beat(self.attempt / "heartbeat.json")
                last_beat = now
            before = now
            self.reap_ended()

    def finish(self) -> None:
        """Kill what is left of the worker's family, then say how it ended."""
        left = self.sweep()
        code = os.waitstatus_to_exitcode(self.status or 0)
        fields: dict[str, object] = {
            "pid": self.pid,
            "returncode": code if code >= 0 else None,
            "signal": -code if code < 0 else None,
            "started_at": self.started_at,
            "ended_at": utc_now(),
            "reason": self.reason,
            "message": self.message,
            "oom_kills": count_oom_kills() - self.oom_kills,
            "left": left,
            "missing": self.missing,
        }
        write_reserved(self.attempt / "exit.json.part", self.attempt / "exit.json", fields)

    def handle_requests(self) -> None:
        wants_kill = len(SIGNALS_SEEN) > 1 or (self.attempt / "kill").exists()
        wants_stop = bool(SIGNALS_SEEN) or (self.attempt / "stop").exists()
        if wants_kill:
            self.reason = "killed"
            send(self.pid, signal.SIGKILL)
        elif wants_stop and self.reason == "exited":
            self.reason = "stopped"
            send(self.pid, signal.SIGTERM)

    def watch_progress(self, passed_s: float) -> None:
        """Count the seconds without progress. Only time in which the shim itself ran counts, so that a machine that
        slept or a frozen group of processes is not mistaken for a stall."""
        signature = tuple(fingerprint(self.attempt / name) for name in PROGRESS_FILES)
        self.idle_s = 0.0 if signature != self.signature else self.idle_s + passed_s
        self.signature = signature
        if self.idle_s > self.stall_s and self.reason != "killed":
            self.reason = "stalled"
            self.message = f"no progress for {self.stall_s:.0f} s"
            send(self.pid, signal.SIGKILL)

    def reap_ended(self) -> bool:
        """Collect every child that has ended, the worker and adopted orphans; False when there is no child at all."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.pid and self.status is None:
                self.status = status

    def sweep(self) -> list[int]:
        """Kill descendants until there are none; returns those that would not go (stuck in the kernel)."""
        deadline = time.monotonic() + SWEEP_LIMIT_S
        while True:
            found = descendants(os.getpid())
            for pid in found:
                send(pid, signal.SIGKILL)
            has_children = self.reap_ended()
            if not found and not has_children:
                return []
            if time.monotonic() > deadline:
                return found
            time.sleep(0.01)

    def write_heartbeat(self) -> None:
        fields: dict[str, object] = {
            "pid": self.pid,
            "shim_pid": os.getpid(),
            "shim_start": start_ticks(os.getpid()),
            "machine": machine_identity(),
            "started_at": self.started_at,
            "argv": self.argv,
        }
        part = self.attempt / "heartbeat.json.part"
        reserve(part)
        write_reserved(part, self.attempt / "heartbeat.json", fields)


# --- processes ---------------------------------------------------------------------------------------------------


def tie_to_parent(shim: int) -> None:
    """In the new process, before the worker's program: die with the shim, and be the first to go when memory ends."""
    if not IS_LINUX:
        return
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != shim:  # the shim died before the line above
        os._exit(1)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("300")


def send(pid: int, number: int) -> None:
    if pid <= 0:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def descendants(root: int) -> list[int]:
    """All living processes below `root`, by the parent links of this moment."""
    parents = parents_from_proc() if Path("/proc/self/stat").exists() else parents_from_ps()
    found: list[int] = []
    level = {root}
    while level:
        level = {pid for pid, parent in parents.items() if parent in level}
        found.extend(level)
    return found


def parents_from_proc() -> dict[int, int]:
    """Process -> parent, zombies left out: they have ended and only wait to be collected."""
    parents: dict[int, int] = {}
    for folder in os.listdir("/proc"):  # noqa: PTH208 (names alone are wanted, and fast)
        fields = stat_fields(folder) if folder.isdigit() else None
        if fields and fields[0] not in "ZX":
            parents[int(folder)] = int(fields[1])
    return parents


def parents_from_ps() -> dict[int, int]:
    listing = subprocess.run(
        ["ps", "-axo", "pid=,ppid=,stat="], capture_output=True, text=True, check=False
    )
    rows = [line.split() for line in listing.stdout.splitlines()]
    return {int(row[0]): int(row[1]) for row in rows if len(row) == 3 and row[2][0] != "Z"}


def stat_fields(pid: str) -> list[str] | None:
    """`/proc/<pid>/stat` after the name (which may hold spaces): state, parent, ..., None when the process is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def start_ticks(pid: int) -> str:
    """When a process started, in clock ticks since boot: with the pid it names one process for good. Empty: unknown."""
    fields = stat_fields(str(pid))
    return fields[19] if fields else ""


def machine_identity() -> str:
    """Names this boot of this machine and its process numbers: pids mean something only where this is equal."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        names = os.readlink("/proc/self/ns/pid")  # noqa: PTH115 (not a path)
    except OSError:
        boot = names = ""
    return f"{socket.gethostname()}/{boot}/{names}"


def count_oom_kills() -> int:
    """How many processes the kernel has killed for want of memory since boot; 0 where it does not say."""
    try:
        lines = Path("/proc/vmstat").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


# --- files -------------------------------------------------------------------------------------------------------


def utc_now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: UP017


def fingerprint(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def beat(path: Path) -> None:
    with contextlib.suppress(OSError):
        os.utime(path)


def drain(pipe: int) -> None:
    try:
        while os.read(pipe, 512):
            pass
    except BlockingIOError:
        pass


def reserve(path: Path) -> None:
    """Take the room for a file now, so that it can still be written when the disk is full."""
    with path.open("wb") as file:
        file.write(b" " * RESERVED_BYTES)
        file.flush()
        os.fsync(file.fileno())


def write_reserved(part: Path, final: Path, fields: dict[str, object]) -> None:
    """Write JSON over the reserved room, then give it its name: who sees the name sees all of it."""
    with part.open("r+b") as file:
        length = file.write(json.dumps(fields).encode())
        file.truncate(length)
        file.flush()
        os.fsync(file.fileno())
    part.replace(final)


if __name__ == "__main__":
    sys.exit(main())
