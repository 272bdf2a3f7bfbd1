"""Ctrl-C in a real terminal: once saves and stops and names the command that goes on; twice quits at once."""

import os
import re
import shlex
import signal
from pathlib import Path

from glassworks.storage.states import damage
from tests.acceptance.checks import check_sound, running_worker, states_of, wait_until
from tests.acceptance.conftest import long_run
from tests.acceptance.house import House
from tests.acceptance.terminal import CTRL_C, PseudoTerminal

GOES_ON = re.compile(r"^ *glassworks (resume r\w{9}) *$", re.MULTILINE)


def check_named_command_completes(house: House, shown: str, long_checkpoint: str) -> None:
    """The command that the screen names brings the run to the same end, bit for bit."""
    named = GOES_ON.findall(shown)
    assert named, shown
    answer = house.must(*shlex.split(named[-1]))
    assert answer["outputs"]["train.checkpoint"] == long_checkpoint
    check_sound(house)


def test_once(house: House, recipe: Path, long_checkpoint: str) -> None:
    terminal = PseudoTerminal(house, *long_run(recipe))
    wait_until(lambda: states_of(house), terminal.process)
    terminal.press(CTRL_C)
    assert terminal.wait() == 130, terminal.shown()
    assert "Saving, then stopping." in terminal.shown()
    check_sound(house)
    saved = int(states_of(house)[-1].name.removeprefix("step-"))
    run = house.node("train")
    assert run is not None and run.state().status == "stopped"
    assert run.metric_rows()[-1]["step"] == saved, "the last step that was done is the one saved"
    check_named_command_completes(house, terminal.shown(), long_checkpoint)
    assert house.state_of("train").attempts[-1].from_step == saved


def test_twice(house: House, recipe: Path, long_checkpoint: str) -> None:
    terminal = PseudoTerminal(house, *long_run(recipe))
    wait_until(lambda: states_of(house), terminal.process)
    worker = running_worker(house)
    os.kill(worker, signal.SIGSTOP)  # it does not answer: the first Ctrl-C alone would wait for it
    terminal.press(CTRL_C)
    wait_until(lambda: "Saving, then stopping." in terminal.shown(), terminal.process)
    terminal.press(CTRL_C)
    assert terminal.wait() == 130, terminal.shown()
    assert "Stopping at once." in terminal.shown()
    assert house.processes() == []
    states = states_of(house)
    assert states and [damage(state) for state in states] == ["" for _ in states]
    check_named_command_completes(house, terminal.shown(), long_checkpoint)
