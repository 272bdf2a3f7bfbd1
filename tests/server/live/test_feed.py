"""A feed against whatever can happen: attempts that void each other's rows, viewers that come, go and come back.

Whatever the order, a viewer ends with the state that a fold of all events gives and with the step rows that count: no gap,
nothing twice.
"""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassworks.common.errors import InvalidSpec
from glassworks.server.live.feed import Feed, Replay, parse_cursor
from glassworks.specs.events import (
    AttemptEnded,
    AttemptStarted,
    CheckpointSaved,
    RunDone,
    SampleDrawn,
)
from glassworks.specs.run import RunSpec
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store
from tests.server.live.viewing import Seen

NEWEST = 10
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("rows"), st.integers(1, 5)),
        st.tuples(st.just("sample"), st.just(0)),
        st.tuples(st.just("save"), st.just(0)),
        st.tuples(st.just("attempt"), st.booleans()),
        st.tuples(st.just("deliver"), st.booleans()),
        st.tuples(st.just("leave"), st.just(0)),
        st.tuples(st.just("return"), st.booleans()),
        st.tuples(st.just("step"), st.just(0)),
    ),
    max_size=40,
)


def make_run(root: Path) -> RunFolder:
    spec = RunSpec(
        id="r2ab3cd4ef", kind="stage", name="train", created_at="2026-03-01T12:00:00Z", key="k"
    )
    return Store(root).runs.create(spec)


class Story:
    """A run that is written move by move, its feed, and one viewer."""

    def __init__(self, root: Path) -> None:
        self.run = make_run(root)
        self.feed = Feed(self.run, rows_in_frame=3, newest_whole=NEWEST)
        self.seen = Seen()
        self.replay: Replay | None = None
        self.is_there = False
        self.attempt = 0
        self.step = 0
        self.saved = [0]
        self.begin(0)

    def begin(self, from_step: int) -> None:
        if self.attempt:
            self.run.record(AttemptEnded(attempt=self.attempt, outcome="killed"))
        self.attempt += 1
        self.step = from_step
        (self.run.path / "attempts" / str(self.attempt)).mkdir(parents=True)
        self.run.record(AttemptStarted(attempt=self.attempt, from_step=from_step))
        self.run.ledger.close()

    def move(self, what: str, how: Any) -> None:
        folder = self.run.attempt(self.attempt)
        match what:
            case "rows":
                for _ in range(how):
                    self.step += 1
                    folder.metrics.append({"step": self.step, "loss": self.attempt + self.step / 7})
                folder.metrics.close()
            case "sample":
                event = SampleDrawn(step=self.step, prompt="", text="x", seed=1, temperature=1.0)
                folder.events.append(event.to_json())
                folder.events.close()
            case "save":
                folder.events.append(CheckpointSaved(step=self.step, artifact="a").to_json())
                folder.events.close()
                self.saved = [*[step for step in self.saved if step < self.step], self.step]
            case "attempt":
                self.begin(self.saved[-1] if how else 0)
                self.saved = [step for step in self.saved if step <= self.step] or [0]
            case "deliver":
                self.deliver(has_rows=how)
            case "leave":
                self.is_there, self.replay = False, None
            case "return":
                self.come(is_new=how)
            case "step":
                self.step_on()

    def deliver(self, has_rows: bool = True) -> None:
        """What the hub does in a tick: events first, then rows when they are due."""
        frames = self.feed.events_frame(self.feed.poll())
        frames += self.feed.new_rows() if has_rows else []
        if self.is_there:
            for frame in frames:
                self.seen.take(frame)

    def come(self, is_new: bool) -> None:
        """Subscribe, with the cursors of before or as somebody new."""
        if self.is_there or self.replay:
            return
        self.deliver()
        if is_new:
            self.seen = Seen()
        self.replay = self.feed.replay(self.seen.cursor, self.seen.metrics)

    def step_on(self) -> None:
        """A little more of the past; after the last of it the viewer gets what everybody gets."""
        if self.replay is None:
            return
        frames = self.replay.step()
        if not frames:
            self.deliver()  # what others wait for
            frames, self.replay, self.is_there = self.replay.rest(), None, True
        for frame in frames:
            self.seen.take(frame)

    def arrive(self) -> None:
        self.come(is_new=False)
        while self.replay:
            self.step_on()


@settings(max_examples=300, deadline=None)
@given(moves=MOVES)
def test_a_viewer_never_misses_and_never_sees_twice(moves: list[tuple[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder))
        for what, how in moves:
            story.move(what, how)
        story.run.record(RunDone(outputs={}))
        story.run.ledger.close()
        story.deliver()
        story.arrive()
        assert story.seen.state == story.run.state()
        assert list(story.seen.rows.values()) == story.run.metric_rows()
        assert story.seen.doubles == 0


def test_a_known_cursor_gives_only_what_came_since(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.move("rows", 3)
    story.arrive()
    assert story.seen.snapshots == 1
    story.move("leave", 0)
    story.move("sample", 0)
    story.move("rows", 2)
    story.arrive()
    assert story.seen.snapshots == 1
    assert [len(story.seen.state.samples), len(story.seen.rows)] == [1, 5]


def test_what_was_encoded_of_a_voided_attempt_is_not_sent_again(tmp_path: Path) -> None:
    story = Story(tmp_path)
    for number in range(2):
        for move in (("rows", 7), ("leave", 0), ("deliver", True)):
            story.move(*move)
        story.come(is_new=True)
        story.arrive()
        assert list(story.seen.rows.values()) == story.run.metric_rows(), number
        story.move("attempt", False)


def test_a_long_past_comes_thinned_and_goes_on_row_by_row(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.move("rows", 100)
    story.come(is_new=True)
    assert story.replay is not None
    assert story.replay.long_past(60) == []  # fits well enough
    rows = story.replay.long_past(10)
    assert len(rows) == 100 - NEWEST
    story.move("rows", 5)  # while it is put together
    for frame in story.replay.put_past(rows, story.feed.past(rows, 10)):
        story.seen.take(frame)
    whole = story.run.metric_rows()
    assert list(story.seen.rows) == [row["step"] for row in whole[8:90:9]]
    assert story.seen.snapshots == 1
    while story.replay:
        story.step_on()
    assert list(story.seen.rows.values())[10:] == whole[100 - NEWEST :]
    assert story.seen.doubles == 0
    story.move("leave", 0)
    story.come(is_new=False)
    assert story.replay.long_past(1) == []  # who has rows gets what is missing


def test_a_past_that_was_voided_meanwhile_is_not_sent(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.move("rows", 30)
    story.come(is_new=True)
    assert story.replay is not None
    rows = story.replay.long_past(5)
    frame = story.feed.past(rows, 5)
    story.move("attempt", False)
    story.deliver()
    assert story.replay.put_past(rows, frame) == []
    while story.replay:
        story.step_on()
    assert list(story.seen.rows.values()) == story.run.metric_rows()


def test_a_cursor_of_another_life_starts_with_a_snapshot(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.deliver()
    story.seen.cursor = "99:7:12"
    story.arrive()
    assert (story.seen.snapshots, story.seen.state) == (1, story.run.state())


@pytest.mark.parametrize("text", ["", "1:2", "a:b:c", "1:2:3:4", "-1:0:0"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidSpec):
        parse_cursor(text, 3)
