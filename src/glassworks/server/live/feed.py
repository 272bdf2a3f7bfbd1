"""A feed: one run's whole log in memory, read once, replayed to any viewer from any cursor.

In: a run folder that grows. Out: encoded frames. Pure but for the reading: no socket, no loop. Step rows are sent at most
five times a second; a row that a later attempt voided is never sent.
"""

import bisect
import json
from dataclasses import dataclass, field
from typing import Any

from glassworks.common.errors import InvalidSpec
from glassworks.server.live.frames import EventsFrame, MetricsFrame, SnapshotFrame
from glassworks.storage.follow import RunFollower, Stamped
from glassworks.storage.runs import RunFolder

Position = tuple[int, ...]
MAX_ROWS_IN_FRAME = 2000


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

    def __post_init__(self) -> None:
        self.topic = f"run:{self.run.id}"
        self.follower = RunFollower(self.run)

    def poll(self) -> list[Stamped]:
        """Read what is new; returns the new events."""
        new = self.follower.poll()
        self.events += new
        self.positions += [parse_cursor(stamped.cursor, 3) for stamped in new]
        return new

    def replay(self, cursor: str | None, metrics: str | None) -> list[str]:
        """The frames that bring a viewer from its cursors to now; without a usable cursor a snapshot and all rows."""
        position = parse_cursor(cursor, 3) if cursor else None
        if position is None or position not in ((0, 0, 0), *self._around(position)):
            snapshot = SnapshotFrame(
                topic=self.topic, cursor=self.follower.cursor, state=self.follower.state
            )
            return [snapshot.model_dump_json(), *self.rows_after((0, 0))]
        missed = self.events[bisect.bisect_right(self.positions, position) :]
        after = parse_cursor(metrics, 2) if metrics else (0, 0)
        return [*self.events_frame(missed), *self.rows_after(after)]

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
        kept = self.follower.kept
        first = bisect.bisect_right(kept, position, key=lambda row: (row.attempt, row.line))
        return [
            self._rows_frame(kept[start : start + MAX_ROWS_IN_FRAME])
            for start in range(first, len(kept), MAX_ROWS_IN_FRAME)
        ]

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

    def _rows_frame(self, rows: list[Any]) -> str:
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
