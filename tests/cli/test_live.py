"""The displays as a terminal, a pipe and a program get them."""

import io
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.theme import Theme

from glassworks.cli import main
from glassworks.cli.console import STYLES, make_console
from glassworks.cli.display.live import LineDisplay, LiveDisplay, QuietDisplay, make_display
from glassworks.engine.follow import FlowFollower
from glassworks.specs.events import AttemptEnded, AttemptStarted, FindingRaised, StateSetAside
from tests.cli.synthetic import done_run, training_run
from tests.cli.terminal import ENTRY
from tools.picture_of_terminal import record, text_of


def test_the_picture_is_left_without_curve_and_note(tmp_path: Path) -> None:
    written = io.StringIO()
    console = Console(
        file=written, force_terminal=True, width=100, height=40, theme=Theme(STYLES, inherit=False)
    )
    run = training_run(tmp_path)
    follower = FlowFollower(run.store, run.flow)
    display = LiveDisplay(console)
    display.note = "Ctrl-C saves and stops."
    display.wait("Planning.")
    follower.poll()
    display.show(follower)
    before = len(written.getvalue())
    assert "Loss" in written.getvalue() and "Ctrl-C saves" in written.getvalue()
    display.close(follower)
    last = written.getvalue()[before:]
    assert "running" in last and "Loss" not in last and "Ctrl-C saves" not in last


def test_a_terminal_gets_a_picture_and_a_pipe_lines() -> None:
    theme = Theme(STYLES, inherit=False)
    terminal = Console(file=io.StringIO(), force_terminal=True, theme=theme, _environ={})
    dumb = Console(file=io.StringIO(), force_terminal=True, theme=theme, _environ={"TERM": "dumb"})
    assert isinstance(make_display(terminal), LiveDisplay)
    assert isinstance(make_display(dumb), LineDisplay)
    assert isinstance(make_display(Console(file=io.StringIO(), theme=theme)), LineDisplay)
    assert isinstance(make_display(terminal, is_quiet=True), QuietDisplay)


def test_no_color_means_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("FORCE_COLOR", "1"), ("TERM", "xterm-256color"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    console = make_console()
    with console.capture() as captured:
        console.print("alive", style="molten")
    assert "38;" not in captured.get() and "alive" in captured.get()


def test_remarks_stand_with_their_stage(tmp_path: Path) -> None:
    run = training_run(tmp_path)
    train = run.store.runs.get(run.flow.state().nodes["train"].run)
    train.record(
        AttemptEnded(attempt=1, outcome="killed"),
        StateSetAside(attempt=1, step=600, reason="its manifest is missing"),
        AttemptStarted(attempt=2, from_step=400, is_bit_exact=False, caveats=("torch: 1 → 2",)),
    )
    follower = FlowFollower(run.store, run.flow)
    follower.poll()
    written = io.StringIO()
    display = LiveDisplay(
        Console(file=written, force_terminal=True, width=100, height=40,
                theme=Theme(STYLES, inherit=False))
    )  # fmt: skip
    display.show(follower)
    display.close(follower)
    assert (
        "! the state saved at step 600 is set aside: its manifest is missing" in written.getvalue()
    )
    assert "! not bit-exact since the resume (torch: 1 → 2)" in written.getvalue()
    lines = io.StringIO()
    LineDisplay(Console(file=lines)).show(follower)
    assert (
        "train: attempt 2 goes on from step 400, not bit-exact (torch: 1 → 2)" in lines.getvalue()
    )


@pytest.mark.parametrize("columns", [60, 120])
def test_a_real_terminal_shows_a_finished_run(
    tmp_path: Path, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = done_run(tmp_path)
    monkeypatch.setenv("GLASSWORKS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GLASSWORKS_STORE", str(run.root / "store"))
    lines = record([sys.executable, "-c", ENTRY, "watch", run.flow.id], columns=columns, rows=70)
    shown = text_of(lines)
    assert "● done     train" in shown
    assert re.search(r"nats/token +bits/byte", shown)
    assert shown.count("● done     train") == 1, "each picture is drawn over the one before"
    colors = {part.style.color for line in lines for part in line}
    assert "cyan" in colors and "molten" not in colors


def test_watching_a_run_that_nobody_drives_ends_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = training_run(tmp_path)
    train = run.store.runs.get(run.flow.state().nodes["train"].run)
    train.attempt(1).events.append(
        FindingRaised(level="note", code="a", message="It learns.").to_json()
    )
    monkeypatch.setenv("GLASSWORKS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GLASSWORKS_STORE", str(run.root / "store"))
    assert main.run(["watch", run.flow.id]) == 130
    shown = capsys.readouterr().out
    assert "train: note: It learns." in shown
    assert "Cut off at step 640 of train." in shown
    assert f"glassworks resume {run.flow.id}" in shown
