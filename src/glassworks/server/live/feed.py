"""A feed: one run's whole log in memory, read once, replayed to any viewer from any cursor.

In: a run folder that grows. Out: encoded frames. Pure but for the reading: no socket, no loop. Step rows are sent at most
five times a second; a row that a later attempt voided is never sent.
"""

import bisect
import json
from dataclasses import dataclass, field

from glassworks.common.errors import InvalidSpec
from glassworks.server.live.frames import EventsFrame, MetricsFrame, SnapshotFrame
from glassworks.server.live.thinning import thin
from glassworks.storage.follow import Row, RunFollower, Stamped
from glassworks.storage.runs import RunFolder

Position = tuple[int, ...]
MAX_ROWS_IN_FRAME = 2000
THIN_ABOVE = 2
"""A past is thinned where it has more than so many times the rows that were asked for."""
NEWEST_WHOLE = 500
"""So many of its newest rows come as they are: what is told of them, as where their time went, is of single steps."""


def parse_cursor(text: str, parts: int) -> Position:
    """`"12:2:1841"` as numbers. Raises InvalidSpec."""
    numbers = text.split(":")
    if len(numbers) != parts or not all(number.isdecimal() for number in numbers):
        raise InvalidSpec(
            "bad-cursor", f"{text!r} is no cursor.", "Leave it out to start with a snapshot."
        )
    return tuple(map(int, numbers))


@dataclass(eq=False)
class Feed:
    """One run, followed. `topic` is `run:<id>`."""

    run: RunFolder
    events: list[Stamped] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    sent_rows: Position = (0, 0)
    rows_in_frame: int = MAX_ROWS_IN_FRAME
    newest_whole: int = NEWEST_WHOLE
    _blocks: dict[int, str] = field(default_factory=dict)
    _blocks_of: int = 0

    def __post_init__(self) -> None:
        self.topic = f"run:{self.run.id}"
        self.follower = RunFollower(self.run)

    def poll(self) -> list[Stamped]:
        """Read what is new; returns the new events."""
        new = self.follower.poll()
        self.events += new
        self.positions += [parse_cursor(stamped.cursor, 3) for stamped in new]
        return new

    def replay(self, cursor: str | None, metrics: str | None) -> "Replay":
        """What brings a viewer from its cursors to now. Raises InvalidSpec for a cursor that is none."""
        position = parse_cursor(cursor, 3) if cursor else None
        if position is not None and position in ((0, 0, 0), *self._around(position)):
            return Replay(self, position, parse_cursor(metrics, 2) if metrics else (0, 0))
        snapshot = SnapshotFrame(
            topic=self.topic, cursor=self.follower.cursor, state=self.follower.state
        )
        after = parse_cursor(self.follower.cursor, 3)
        return Replay(self, after, (0, 0), snapshot.model_dump_json())

    def events_after(self, position: Position) -> list[str]:
        """A frame with the events after `position`, or none."""
        return self.events_frame(self.events[bisect.bisect_right(self.positions, position) :])

    def events_frame(self, events: list[Stamped]) -> list[str]:
        """One frame with these events, or none."""
        if not events:
            return []
        frame = EventsFrame(
            topic=self.topic,
            cursor=events[-1].cursor,
            events=tuple(stamped.event for stamped in events),
        )
        return [frame.model_dump_json()]

    def rows_after(self, position: Position) -> list[str]:
        """Frames with the step rows that count and lie after `position`."""
        size, num = self.rows_in_frame, len(self.follower.kept)
        return [self.block(start) for start in range(self.index_after(position), num, size)]

    def index_after(self, position: Position) -> int:
        """The place, among the rows that count, of the first after `position`."""
        kept = self.follower.kept
        return bisect.bisect_right(kept, position, key=lambda row: (row.attempt, row.line))

    def new_rows(self) -> list[str]:
        """Frames with the step rows since the last call."""
        frames = self.rows_after(self.sent_rows)
        if self.follower.kept:
            last = self.follower.kept[-1]
            self.sent_rows = max(self.sent_rows, (last.attempt, last.line))
        return frames

    @property
    def has_new_rows(self) -> bool:
        kept = self.follower.kept
        return bool(kept) and (kept[-1].attempt, kept[-1].line) > self.sent_rows

    def block(self, start: int) -> str:
        """A frame with the rows from `start`. Full blocks from the beginning on are encoded once for all viewers."""
        size = self.rows_in_frame
        rows = self.follower.kept[start : start + size]
        if start % size or len(rows) < size:
            return self._rows_frame(rows)
        if self._blocks_of != self.follower.attempt:  # a new attempt voids rows
            self._blocks, self._blocks_of = {}, self.follower.attempt
        if start not in self._blocks:
            self._blocks[start] = self._rows_frame(rows)
        return self._blocks[start]

    def past(self, rows: list[Row], width: int) -> str:
        """A frame with all these rows put together to `width`. Callable from any thread: it reads nothing else."""
        thinned = thin([row.values for row in rows], width)
        frame = MetricsFrame(
            topic=self.topic,
            cursor=f"{rows[-1].attempt}:{rows[-1].line}",
            rows=tuple(thinned.mean),
            low=tuple(thinned.low),
            high=tuple(thinned.high),
        )
        return json.dumps(frame.model_dump(), separators=(",", ":"))

    def _rows_frame(self, rows: list[Row]) -> str:
        frame = MetricsFrame(
            topic=self.topic,
            cursor=f"{rows[-1].attempt}:{rows[-1].line}",
            rows=tuple(row.values for row in rows),
        )
        return json.dumps(frame.model_dump(), separators=(",", ":"))

    def _around(self, position: Position) -> list[Position]:
        """The position itself if some event has it: only those can be replayed from."""
        index = bisect.bisect_left(self.positions, position)
        return self.positions[index : index + 1] if index < len(self.positions) else []


class Replay:
    """One viewer on its way to now. `step()` again and again while there is more than one frame of old rows, whenever the
    viewer has room; then, in one go, `rest()`, and from there on it gets what everybody gets.
    """

    def __init__(self, feed: Feed, events: Position, rows: Position, snapshot: str = "") -> None:
        self._feed = feed
        self._events = events
        self._rows = rows
        self._snapshot = snapshot

    def long_past(self, width: int) -> list[Row]:
        """The rows that a viewer who has none would get before the newest, where all are many more than `width`; else none."""
        kept, whole = self._feed.follower.kept, self._feed.newest_whole
        is_long = self._rows == (0, 0) and len(kept) > THIN_ABOVE * width + whole
        return kept[: len(kept) - whole] if is_long else []

    def put_past(self, rows: list[Row], frame: str) -> list[str]:
        """`frame` in place of `rows`, after what must come before; none when a new attempt has voided rows meanwhile."""
        kept = self._feed.follower.kept
        last = rows[-1]
        if len(kept) < len(rows) or kept[len(rows) - 1] is not last:
            return []
        self._rows = (last.attempt, last.line)
        return [*self._news(), frame]

    def step(self) -> list[str]:
        """The next frames; empty once what is left is short."""
        frames = self._news()
        kept, size = self._feed.follower.kept, self._feed.rows_in_frame
        start = self._feed.index_after(self._rows)
        if len(kept) - start > size:
            last = kept[start + size - 1]
            self._rows = (last.attempt, last.line)
            frames.append(self._feed.block(start))
        return frames

    def rest(self) -> list[str]:
        """All that is left."""
        return [*self._news(), *self._feed.rows_after(self._rows)]

    def _news(self) -> list[str]:
        """The snapshot, then events: always before rows, since an attempt that begins voids rows."""
        frames = [self._snapshot] if self._snapshot else []
        frames += self._feed.events_after(self._events)
        self._snapshot = ""
        self._events = max([self._events, *self._feed.positions[-1:]])
        return frames
