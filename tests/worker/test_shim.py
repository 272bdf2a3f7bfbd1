"""The shim with real processes: nothing outlives a run, and `exit.json` says how it ended."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from glassworks.engine.executors.local import LocalExecutor
from glassworks.specs.order import ExitSpec
from tests.worker.attempts import is_gone, until

SHIM = Path(__file__).parents[2] / "src" / "glassworks" / "worker" / "shim.py"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: orphan adoption")
IGNORES_TERM = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
ESCAPES = """
import os, signal, sys, time
from pathlib import Path
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    Path(sys.argv[1]).write_text(str(os.getpid()))
    os.environ.clear()
    time.sleep(600)
while not Path(sys.argv[1]).exists():
    time.sleep(0.01)
"""


Shim = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def shim() -> Iterator[Shim]:
    """Starts a shim; whatever a test leaves is killed with it."""
    started: list[subprocess.Popen[bytes]] = []

    def start(attempt: Path, *argv: str, options: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", "-S", str(SHIM), "--attempt", str(attempt), *options]
        started.append(subprocess.Popen([*command, "--", *argv]))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def python(code: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code, *arguments)


def read_exit(attempt: Path) -> ExitSpec:
    return ExitSpec.model_validate_json((attempt / "exit.json").read_text())


@pytest.mark.parametrize("code", [0, 10, 21])
def test_a_return_code_is_told(shim: Shim, tmp_path: Path, code: int) -> None:
    assert shim(tmp_path, *python(f"print('words'); raise SystemExit({code})")).wait() == 0
    ended = read_exit(tmp_path)
    assert (ended.returncode, ended.signal, ended.reason) == (code, None, "exited")
    assert (tmp_path / "output.txt").read_text() == "words\n"


def test_a_signal_is_told(shim: Shim, tmp_path: Path) -> None:
    shim(tmp_path, *python("import os; os.kill(os.getpid(), 9)")).wait()
    ended = read_exit(tmp_path)
    assert (ended.returncode, ended.signal, ended.reason) == (None, 9, "exited")


def test_a_program_that_does_not_exist_is_told(shim: Shim, tmp_path: Path) -> None:
    shim(tmp_path, "/nowhere/at-all").wait()
    ended = read_exit(tmp_path)
    assert (ended.reason, ended.returncode) == ("not-started", 127)
    assert "/nowhere/at-all" in ended.message


def test_the_worker_gets_its_environment(shim: Shim, tmp_path: Path) -> None:
    shim(tmp_path, *python("import os; print(os.environ['GLASSWORKS_ATTEMPT'])")).wait()
    assert (tmp_path / "output.txt").read_text().split() == [str(tmp_path)]


@LINUX
@pytest.mark.parametrize("is_ended_by_kill", [False, True])
def test_an_escaped_descendant_goes_with_its_run(
    shim: Shim, tmp_path: Path, is_ended_by_kill: bool
) -> None:
    note = tmp_path / "pid"
    code = ESCAPES + ("time.sleep(600)" if is_ended_by_kill else "")
    process = shim(tmp_path, *python(code, str(note)))
    until(lambda: note.exists() and note.read_text())
    escaped = int(note.read_text())
    if is_ended_by_kill:
        (tmp_path / "kill").touch()
    process.wait()
    assert is_gone(escaped)
    assert read_exit(tmp_path).left == ()
    assert read_exit(tmp_path).reason == ("killed" if is_ended_by_kill else "exited")


@LINUX
def test_a_killed_shim_takes_the_worker_with_it(shim: Shim, tmp_path: Path) -> None:
    process = shim(tmp_path, *python(IGNORES_TERM + "time.sleep(600)"))
    until((tmp_path / "heartbeat.json").exists)
    worker = int(json.loads((tmp_path / "heartbeat.json").read_text())["pid"])
    process.kill()
    process.wait()
    until(lambda: is_gone(worker))
    assert not (tmp_path / "exit.json").exists()


@pytest.mark.parametrize("by_signal", [False, True])
def test_stop_asks_once_and_waits(shim: Shim, tmp_path: Path, by_signal: bool) -> None:
    code = """
import signal, sys, time
seen = []
signal.signal(signal.SIGTERM, lambda *_: seen.append(1))
print("ready", flush=True)
while not seen:
    time.sleep(0.01)
time.sleep(0.7)
raise SystemExit(9 + len(seen))
"""
    process = shim(tmp_path, *python(code))
    until(lambda: "ready" in LocalExecutor().logs(tmp_path))
    if by_signal:
        process.terminate()
    else:
        (tmp_path / "stop").touch()
    process.wait()
    assert (read_exit(tmp_path).returncode, read_exit(tmp_path).reason) == (10, "stopped")


def test_a_second_signal_kills(shim: Shim, tmp_path: Path) -> None:
    process = shim(tmp_path, *python(IGNORES_TERM + "print('ready', flush=True); time.sleep(600)"))
    until(lambda: "ready" in LocalExecutor().logs(tmp_path))
    process.terminate()
    time.sleep(0.3)
    assert process.poll() is None
    process.terminate()
    process.wait()
    assert (read_exit(tmp_path).signal, read_exit(tmp_path).reason) == (9, "killed")


def test_a_worker_without_progress_is_ended(shim: Shim, tmp_path: Path) -> None:
    shim(tmp_path, *python("import time; time.sleep(600)"), options=("--stall-s", "1")).wait()
    assert (read_exit(tmp_path).signal, read_exit(tmp_path).reason) == (9, "stalled")


def test_a_slow_worker_with_progress_is_left_alone(shim: Shim, tmp_path: Path) -> None:
    code = """
import sys, time
from pathlib import Path
for _ in range(10):
    time.sleep(0.25)
    with Path(sys.argv[1]).open("a") as file:
        file.write("{}\\n")
"""
    events = tmp_path / "events.jsonl"
    shim(tmp_path, *python(code, str(events)), options=("--stall-s", "1")).wait()
    assert (read_exit(tmp_path).returncode, read_exit(tmp_path).reason) == (0, "exited")


def test_the_end_is_told_on_a_full_disk(shim: Shim, tmp_path: Path) -> None:
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("needs root on Linux to mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this system does not let tests mount a disk")
    try:
        code = "open(__import__('sys').argv[1], 'wb', buffering=0).write(bytes(1 << 20))"
        filler = python(code + "\nraise SystemExit(21)", str(disk / "filler"))
        shim(disk, *filler).wait()
        assert os.statvfs(disk).f_bavail == 0
        assert read_exit(disk).returncode == 21
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_detached_shim_outlives_its_caller(shim: Shim, tmp_path: Path) -> None:
    options = ("--detach",)
    process = shim(tmp_path, *python("import time; time.sleep(0.6)"), options=options)
    assert process.wait() == 0
    assert (tmp_path / "heartbeat.json").exists()
    assert not (tmp_path / "exit.json").exists()
    until((tmp_path / "exit.json").exists)
    until(lambda: LocalExecutor().owned(tmp_path) == [])
    assert read_exit(tmp_path).returncode == 0
