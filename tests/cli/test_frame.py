"""The live picture at several sizes, from real run folders."""

import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.theme import Theme

from glassworks.cli.console import STYLES
from glassworks.cli.display.frame import Room, draw
from glassworks.engine.follow import FlowFollower
from tests.cli.synthetic import SyntheticRun, done_run, training_run


def follow(run: SyntheticRun) -> FlowFollower:
    follower = FlowFollower(run.store, run.flow)
    follower.poll()
    return follower


def picture(follower: FlowFollower, width: int, height: int, is_ended: bool = False) -> str:
    """What a console of that size shows."""
    console = Console(
        width=width,
        height=height,
        record=True,
        theme=Theme(STYLES, inherit=False),
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
    )
    for line in draw(follower, Room(width, height), "Ctrl-C saves and stops.", is_ended):
        console.print(line)
    return console.export_text(styles=False)


@pytest.mark.parametrize("width", [60, 100, 200])
@pytest.mark.parametrize("height", [10, 16, 24, 40])
def test_it_never_outgrows_the_terminal(tmp_path: Path, width: int, height: int) -> None:
    lines = picture(follow(training_run(tmp_path)), width, height).splitlines()
    assert len(lines) <= height
    assert all(cell_len(line) <= width for line in lines)
    assert any("train" in line and "running" in line for line in lines)


@pytest.mark.parametrize("width", [60, 100, 200])
def test_a_training_run_shows_what_matters(tmp_path: Path, width: int) -> None:
    run = training_run(tmp_path)
    shown = picture(follow(run), width, 40)
    assert run.flow.id in shown
    for words in (
        "◉ reused   data        38 documents, 5.31 MB",
        "● done     tokenizer   vocabulary of 2,048",
        "◐ running  train",
        "○ waiting  evaluate",
        "runs because config steps: 1200 → 1",
        "640 of 1,300 steps",
        " s left",
        "validation 2.400 bits/byte",
        "1,300 steps",
        "Sample  step 320",
        "KING HENRY.",
        "Ctrl-C saves and stops.",
    ):
        assert words in shown, words
    assert "\x1b" not in shown, "the sample's escape code must not get through"


def test_wide_terminals_show_speed_too(tmp_path: Path) -> None:
    shown = picture(follow(training_run(tmp_path)), 100, 40)
    assert "31.6 k tok/s" in shown and "50.6 % of ceiling" in shown


def test_molten_is_for_what_is_alive(tmp_path: Path) -> None:
    def molten(run: SyntheticRun) -> list[str]:
        lines = draw(follow(run), Room(100, 40))
        return [
            line.plain[span.start : span.end]
            for line in lines
            for span in line.spans
            if "molten" in str(span.style)
        ]

    live = molten(training_run(tmp_path / "live"))
    assert any("running" in text for text in live) and "━" in live
    assert molten(done_run(tmp_path / "done")) == []


def test_an_ended_run_is_its_stages(tmp_path: Path) -> None:
    shown = picture(follow(done_run(tmp_path)), 100, 40, is_ended=True)
    assert "● done     train       1.34 M parameters, 2.400 bits/byte" in shown
    assert "● done     evaluate    1.919 bits/byte" in shown
    assert "Loss" not in shown and "waiting" not in shown


def test_a_stopping_and_a_failed_run_say_so_by_shape_and_word(tmp_path: Path) -> None:
    for name, mark in (("stop", "■ stopped"), ("fail", "× failed")):
        run = training_run(tmp_path / name)
        train = run.store.runs.get(run.flow.state().nodes["train"].run)
        getattr(run, name)(train)
        assert f"{mark}" in picture(follow(run), 100, 40, is_ended=True)
