"""Following a run that someone else writes: a snapshot first, then what is new at each `poll`.

The cursor is (ledger line, attempt, attempt line). Events come in the order that `fold` wants: before an attempt's end
is told, everything that it wrote has been. Step rows have a cursor of their own, (attempt, line).
"""

from dataclasses import dataclass
from typing import Any

from glassworks.specs.events import AttemptEvent, LedgerEvent
from glassworks.specs.fold import apply, is_kept
from glassworks.specs.run import RunState
from glassworks.storage.linelog import Follower
from glassworks.storage.runs import RunFolder, read_event

AnyEvent = LedgerEvent | AttemptEvent


@dataclass(frozen=True)
class Stamped:
    """An event and the public cursor after it, e.g. `"12:2:1841"`."""

    cursor: str
    event: AnyEvent


@dataclass(frozen=True)
class Row:
    """A step row and where it lies: line `line` of attempt `attempt`'s `metrics.jsonl`."""

    attempt: int
    line: int
    values: dict[str, Any]


class RunFollower:
    """One run as it grows: `state` is the fold of all that was read, `kept` the step rows that count."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self.state = RunState()
        self.kept: list[Row] = []
        self.attempt = 0
        self._ledger = Follower(run.ledger.path)
        self._ledger_line = 0
        self._events: Follower | None = None
        self._metrics: Follower | None = None

    @property
    def ledger_bytes(self) -> int:
        """How much of the ledger was read; while it is no longer than this, the run's own state is what it was."""
        return self._ledger.num_bytes

    @property
    def rows(self) -> list[dict[str, float]]:
        """The values of the step rows that count, oldest first."""
        return [row.values for row in self.kept]

    @property
    def cursor(self) -> str:
        """The public cursor after everything that was read."""
        return f"{self._ledger_line}:{self.attempt}:{self._events.line if self._events else 0}"

    @property
    def metrics_cursor(self) -> str:
        """(attempt, line) after the last step row that was read, e.g. `"2:340"`."""
        return f"{self.attempt}:{self._metrics.line if self._metrics else 0}"

    def poll(self) -> list[Stamped]:
        """Read what is new; returns the new events, oldest first."""
        new: list[Stamped] = []
        for value in self._ledger.poll():
            event = read_event(value, self.run.ledger.path)
            if event.type in ("attempt.ended", "attempt.started"):
                new += self._poll_attempt()
            self._ledger_line += 1
            if event.type == "attempt.started":
                self._switch_to(event.attempt, event.from_step)
            new.append(self._take(event, self.cursor))
        return new + self._poll_attempt()

    def _switch_to(self, attempt: int, from_step: int) -> None:
        folder = self.run.attempt(attempt)
        self.attempt = attempt
        self._events = Follower(folder.events.path)
        self._metrics = Follower(folder.metrics.path)
        self.kept = [row for row in self.kept if is_kept(int(row.values["step"]), from_step)]

    def _poll_attempt(self) -> list[Stamped]:
        if self._events is None or self._metrics is None:
            return []
        values = self._events.poll()
        first = self._events.line - len(values) + 1
        stamped = [
            self._take(
                read_event(value, self._events.path), f"{self._ledger_line}:{self.attempt}:{line}"
            )
            for line, value in enumerate(values, start=first)
        ]
        rows = self._metrics.poll()
        first = self._metrics.line - len(rows) + 1
        self.kept += [Row(self.attempt, line, row) for line, row in enumerate(rows, start=first)]
        return stamped

    def _take(self, event: AnyEvent, cursor: str) -> Stamped:
        self.state = apply(self.state, event)
        return Stamped(cursor, event)
