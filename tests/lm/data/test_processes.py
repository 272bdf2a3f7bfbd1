"""Work shared by processes: the order of the tasks, errors, stopping, and nothing left behind."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from glassworks.common.errors import BadData, StageFailed
from glassworks.lm.data.processes import in_order
from glassworks.specs.stage import Stopped
from tests.processes import until

Made = TypeVar("Made")


def never() -> bool:
    return False


def square_slowly(number: int) -> tuple[int, int]:
    """The earlier the number, the longer it takes, so that results come in the wrong order."""
    time.sleep(0.02 * (10 - number) if number < 10 else 0)
    return number * number, os.getpid()


def refuse(number: int) -> int:
    if number == 3:
        raise BadData("empty-file", "The third is bad.", "Leave it out.", "file 3")
    return number


def end_at_once(number: int) -> int:
    os._exit(7)


def make(work: Callable[[int], Made]) -> Callable[[int], Made]:
    return work


def test_results_are_in_the_order_of_the_tasks_whoever_was_done_first() -> None:
    found = list(in_order(partial(make, square_slowly), range(30), 2, never))
    assert [square for square, _ in found] == [n * n for n in range(30)]
    workers = {pid for _, pid in found}
    assert len(workers) == 2
    assert os.getpid() not in workers
    assert not any(psutil.pid_exists(pid) for pid in workers)


def test_one_process_is_this_one() -> None:
    found = list(in_order(partial(make, square_slowly), range(10, 13), 1, never))
    assert found == [(n * n, os.getpid()) for n in range(10, 13)]


def test_no_more_is_handed_out_than_a_few_tasks_ahead() -> None:
    handed_out: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(10, 200):
            handed_out.append(number)
            yield number

    results = in_order(partial(make, square_slowly), tasks(), 2, never)
    next(results)
    time.sleep(0.3)
    assert len(handed_out) < 12
    del results
    until(lambda: not children_at_work())


def test_an_error_arrives_whole_and_ends_the_others() -> None:
    for num in (1, 2):
        with pytest.raises(BadData, match="The third is bad") as caught:
            list(in_order(partial(make, refuse), range(8), num, never))
        assert (caught.value.code, caught.value.where) == ("empty-file", "file 3")
    assert not children_at_work()


def test_a_process_that_ends_is_told() -> None:
    with pytest.raises(StageFailed, match="exit code 7") as caught:
        list(in_order(partial(make, end_at_once), range(8), 2, never))
    assert caught.value.code == "process-ended"


@pytest.mark.parametrize("num", [1, 2])
def test_it_stops_when_asked(num: int) -> None:
    with pytest.raises(Stopped):
        list(in_order(partial(make, square_slowly), range(8), num, lambda: True))
    assert not children_at_work()


PARENT = """
import time
from functools import partial
from glassworks.lm.data.processes import in_order
from tests.lm.data.test_processes import make, never, square_slowly

if __name__ == "__main__":
    found = in_order(partial(make, square_slowly), range(10, 1000), 2, never)
    print(next(found)[1], next(found)[1], flush=True)
    time.sleep(60)
"""


def test_the_processes_go_when_their_parent_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen([sys.executable, program], env=environment, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    parent.stdout.readline()
    family = psutil.Process(parent.pid).children(recursive=True)
    assert len(family) >= 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not any(child.is_running() for child in family))


def children_at_work() -> list[psutil.Process]:
    """Children of this process that run what was spawned, without the one that tracks resources."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):  # one that has just ended, a zombie too
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found
