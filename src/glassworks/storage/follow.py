"""Following a run that someone else writes: a snapshot first, then what is new at each `poll`.

The cursor is (ledger line, attempt, attempt line). Events come in the order that `fold` wants: before an attempt's end
is told, everything that it wrote has been.
"""

from glassworks.specs.events import AttemptEvent, LedgerEvent
from glassworks.specs.fold import apply, is_kept
from glassworks.specs.run import RunState
from glassworks.storage.linelog import Follower
from glassworks.storage.runs import RunFolder, read_event

AnyEvent = LedgerEvent | AttemptEvent


class RunFollower:
    """One run as it grows: `state` is the fold of all that was read, `rows` the step rows that count."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self.state = RunState()
        self.rows: list[dict[str, float]] = []
        self.attempt = 0
        self._ledger = Follower(run.ledger.path)
        self._events: Follower | None = None
        self._metrics: Follower | None = None

    @property
    def cursor(self) -> str:
        """The public cursor, e.g. `"12:2:1841"`."""
        return f"{self._ledger.line}:{self.attempt}:{self._events.line if self._events else 0}"

    def poll(self) -> list[AnyEvent]:
        """Read what is new; returns the new events, oldest first."""
        new: list[AnyEvent] = []
        for value in self._ledger.poll():
            event = read_event(value, self.run.ledger.path)
            if event.type in ("attempt.ended", "attempt.started"):
                new += self._poll_attempt()
            if event.type == "attempt.started":
                self._switch_to(event.attempt, event.from_step)
            new.append(self._take(event))
        return new + self._poll_attempt()

    def _switch_to(self, attempt: int, from_step: int) -> None:
        folder = self.run.attempt(attempt)
        self.attempt = attempt
        self._events = Follower(folder.events.path)
        self._metrics = Follower(folder.metrics.path)
        self.rows = [row for row in self.rows if is_kept(int(row["step"]), from_step)]

    def _poll_attempt(self) -> list[AnyEvent]:
        if self._events is None or self._metrics is None:
            return []
        values = self._events.poll()
        events = [self._take(read_event(value, self._events.path)) for value in values]
        self.rows += self._metrics.poll()
        return events

    def _take(self, event: AnyEvent) -> AnyEvent:
        self.state = apply(self.state, event)
        return event
