"""Work in one thread, screen and Ctrl-C in the other."""

import os
import signal
import time
from pathlib import Path

import pytest

from glassworks.api import RunResult
from glassworks.cli.display.live import QuietDisplay
from glassworks.cli.driving import SAVING, STOPPING, OnOpen, drive_and_show
from glassworks.common.errors import Conflict
from glassworks.engine.attempt import Stopper
from glassworks.engine.follow import FlowFollower
from tests.cli.synthetic import training_run

LIMIT_S = 30.0


class Recorder(QuietDisplay):
    """A display that remembers what it was asked to say and show."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.steps: list[float] = []
        self.is_closed = False

    def say(self, words: str) -> None:
        self.said.append(words)

    def show(self, follower: FlowFollower) -> None:
        self.steps.append(follower.nodes["train"].rows[-1]["step"])

    def close(self, follower: FlowFollower | None) -> None:
        self.is_closed = True


@pytest.mark.parametrize("num", [1, 2])
def test_ctrl_c_once_saves_and_twice_stops_at_once(tmp_path: Path, num: int) -> None:
    run = training_run(tmp_path)
    display = Recorder()

    def work(stopper: Stopper, on_open: OnOpen) -> RunResult:
        on_open(FlowFollower(run.store, run.flow), False)
        for _ in range(num):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.6)
        wanted = "save" if num == 1 else "kill"
        deadline = time.monotonic() + LIMIT_S
        while stopper.how != wanted and time.monotonic() < deadline:
            time.sleep(0.02)
        assert stopper.how == wanted
        return RunResult(run.flow.id, run.flow.state(), {})

    before = signal.getsignal(signal.SIGINT)
    result = drive_and_show(work, display, "Planning.")
    assert result.run == run.flow.id
    assert display.said == [SAVING, STOPPING][:num]
    assert display.steps[-1] == 640
    assert display.is_closed
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_of_the_work_comes_out_here() -> None:
    display = Recorder()

    def work(stopper: Stopper, on_open: OnOpen) -> RunResult:
        raise Conflict("run-busy", "It is busy.")

    with pytest.raises(Conflict, match="busy"):
        drive_and_show(work, display, "Planning.")
    assert display.is_closed
