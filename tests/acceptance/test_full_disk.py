"""A disk that fills up while a model trains: nothing is lost, the message is plain, and it goes on when there is room."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from glassworks.storage.states import damage
from tests.acceptance.checks import check_sound, check_told, states_of, wait_until
from tests.acceptance.conftest import long_run
from tests.acceptance.house import LIMIT_S, House
from tests.processes import IS_ROOT, small_disk

LARGEST_FILE_BYTES = 12_000
"""Less than the weights of the tiny model, and less than what the logs grow to."""


def train_until_saved(house: House, recipe: Path) -> "subprocess.Popen[str]":
    """Start the long run and wait until a state has been saved."""
    process = house.start(*long_run(recipe))
    wait_until(lambda: states_of(house), process)
    return process


def check_failed_for_want_of_room(house: House, process: "subprocess.Popen[str]") -> None:
    """The command ended with the plain message; every saved state is whole."""
    out, err = process.communicate(timeout=LIMIT_S)
    done = subprocess.CompletedProcess(process.args, process.returncode, out, err)
    check_told(done, "There is no room left to write", "resume")
    states = states_of(house)
    assert states and [damage(state) for state in states] == ["" for _ in states]


def check_goes_on(house: House, long_checkpoint: str) -> None:
    """It goes on from the newest saved state, to the same end, bit for bit."""
    newest = int(states_of(house)[-1].name.removeprefix("step-"))
    run = house.flow_runs()[0]
    outputs = house.must("resume", run.id)["outputs"]
    assert outputs["train.checkpoint"] == long_checkpoint
    assert house.state_of("train").attempts[-1].from_step == newest > 0


def test_a_size_limit_on_files(house: House, recipe: Path, long_checkpoint: str) -> None:
    process = train_until_saved(house, recipe)
    limit_files(process.pid)
    check_failed_for_want_of_room(house, process)
    check_sound(house)
    check_goes_on(house, long_checkpoint)
    check_sound(house)


def limit_files(driver: int) -> None:
    """From now on no process of the run, the command itself included, can make a file larger than the limit."""
    pids = [driver, *(child.pid for child in psutil.Process(driver).children(recursive=True))]
    for pid in pids + worker_processes(driver):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (LARGEST_FILE_BYTES, LARGEST_FILE_BYTES))


def worker_processes(driver: int) -> list[int]:
    """The shim and the worker are nobody's children; they carry the home of the command that started them."""
    home = psutil.Process(driver).environ()["GLASSWORKS_HOME"]
    return [p.pid for p in psutil.process_iter() if is_attempt_of(p, home)]


def is_attempt_of(process: psutil.Process, home: str) -> bool:
    try:
        return process.environ().get("GLASSWORKS_ATTEMPT", "").startswith(f"{home}{os.sep}")
    except psutil.Error:
        return False


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Inside the block `disk` has no byte left."""
    ballast = disk / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            size = 1 << 20
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2
        yield
    finally:
        ballast.unlink()


@pytest.mark.skipif(
    not IS_ROOT, reason="only root can mount a small disk; the size limit is tested"
)
def test_a_disk_that_is_full(
    trained: House, recipe: Path, long_checkpoint: str, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "32m") as disk:
        house = House(disk / "home")
        shutil.copytree(trained.home, house.home)
        try:
            process = train_until_saved(house, recipe)
            with filled(disk):
                check_failed_for_want_of_room(house, process)
                again = house.run("resume", house.flow_runs()[0].id)
                check_told(again, "There is no room left to write")
            assert house.processes() == []
            check_goes_on(house, long_checkpoint)
            check_sound(house)
        finally:
            house.end()
