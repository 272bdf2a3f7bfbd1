"""The executor `local` with real processes: adopting, losing, stopping and reaping attempts."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from glassworks.common.errors import DiskFull, Unavailable
from glassworks.engine.executor import EXECUTORS
from glassworks.engine.executors.local import LocalExecutor
from glassworks.engine.pace import PACE
from glassworks.specs.order import HeartbeatSpec
from tests.worker.attempts import is_gone, until

NAP = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)",
]
FAMILY = """
import os, sys, time
from pathlib import Path
if os.fork() == 0:
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(600)
"""


@pytest.fixture
def executor(tmp_path: Path) -> Iterator[LocalExecutor]:
    local = LocalExecutor()
    yield local
    local.reap(tmp_path)


def beat(folder: Path) -> HeartbeatSpec:
    return HeartbeatSpec.model_validate_json((folder / "heartbeat.json").read_text())


def test_the_registry_finds_it() -> None:
    assert EXECUTORS.names() == ["local"]
    assert EXECUTORS.load("local") is LocalExecutor


def test_an_attempt_started_by_another_process_is_adopted(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    code = f"""
from pathlib import Path
from glassworks.engine.executors.local import LocalExecutor
from glassworks.engine.pace import PACE
LocalExecutor().start(Path({str(tmp_path)!r}), {NAP!r})
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert executor.observe(tmp_path).is_running
    assert len(executor.owned(tmp_path)) == 2  # shim and worker
    executor.stop(tmp_path, "save")
    until(lambda: not executor.observe(tmp_path).is_running)
    ended = executor.observe(tmp_path).exit
    assert ended is not None
    assert (ended.reason, ended.signal) == ("stopped", signal.SIGTERM)
    assert ended.is_stopped


def test_what_makes_it_fast_is_in_its_environment_and_the_users_choice_stands(
    executor: LocalExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOMP_SPINCOUNT", "7")
    told = "import os; print(os.environ['MALLOC_TOP_PAD_'], os.environ['GOMP_SPINCOUNT'])"
    executor.start(tmp_path, [sys.executable, "-c", told])
    until(lambda: not executor.observe(tmp_path).is_running)
    assert executor.logs(tmp_path).split() == [PACE["MALLOC_TOP_PAD_"], "7"]


def test_kill_ends_what_ignores_a_stop(executor: LocalExecutor, tmp_path: Path) -> None:
    executor.start(tmp_path, STUBBORN)
    until(lambda: "up" in executor.logs(tmp_path))
    executor.stop(tmp_path, "save")
    assert executor.observe(tmp_path).is_running
    executor.stop(tmp_path, "kill")
    ended = executor.observe(tmp_path).exit
    assert ended is not None
    assert ended.reason == "killed"
    assert executor.owned(tmp_path) == []


def test_a_lost_attempt_is_seen_and_reaped(executor: LocalExecutor, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    executor.start(tmp_path, [sys.executable, "-c", FAMILY, str(note)])
    until(lambda: note.exists() and note.read_text())
    os.kill(beat(tmp_path).shim_pid, signal.SIGKILL)
    until(lambda: not executor.observe(tmp_path).is_running)
    assert executor.observe(tmp_path).exit is None
    assert not is_gone(int(note.read_text()))  # its shim is gone, so nobody adopted it
    executor.reap(tmp_path)
    assert is_gone(int(note.read_text()))
    assert executor.owned(tmp_path) == []


def test_a_reused_process_number_is_not_taken_for_the_attempt(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    executor.start(tmp_path, [sys.executable, "-c", "pass"])
    until(lambda: executor.observe(tmp_path).exit is not None)
    (tmp_path / "exit.json").unlink()
    fields = beat(tmp_path).model_copy(update={"shim_pid": os.getpid()})
    (tmp_path / "heartbeat.json").write_text(fields.model_dump_json())
    assert not executor.observe(tmp_path).is_running


def test_an_attempt_of_another_machine_runs_while_it_beats(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    foreign = HeartbeatSpec(pid=1, shim_pid=1, machine="elsewhere//", started_at="")
    file = tmp_path / "heartbeat.json"
    file.write_text(foreign.model_dump_json())
    assert executor.observe(tmp_path).is_running
    os.utime(file, (1, 1))
    assert not executor.observe(tmp_path).is_running


def test_what_never_started_is_not_running(executor: LocalExecutor, tmp_path: Path) -> None:
    seen = executor.observe(tmp_path)
    assert (seen.is_running, seen.exit) == (False, None)
    executor.stop(tmp_path, "kill")
    assert executor.logs(tmp_path) == ""


def test_a_folder_that_is_gone_is_a_clear_error(executor: LocalExecutor, tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        executor.start(tmp_path / "nowhere", NAP)
    assert caught.value.code == "worker-not-started"


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="mounts a small disk")
def test_a_full_disk_is_a_clear_error(executor: LocalExecutor, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], check=True)
    try:
        attempt = disk / "1"
        attempt.mkdir()
        with (disk / "filler").open("wb", buffering=0) as file:
            file.write(bytes(1 << 16))
        with pytest.raises(DiskFull):
            executor.start(attempt, NAP)
        assert executor.owned(attempt) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_selftest_and_capacity(executor: LocalExecutor) -> None:
    assert executor.selftest() == ([] if sys.platform == "linux" else executor.selftest())
    assert executor.capacity().num_cores >= 1
    assert executor.capacity().memory_bytes > 1 << 28
