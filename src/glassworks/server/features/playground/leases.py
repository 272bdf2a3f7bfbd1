"""When models were asked: the spans in which an answer took a thread from what was training.

In: the begin and the end of each request to a model, the loading included. Out: `GET /api/playground/leases`, which a run's
chart draws as bands over its steps, so that a dip in its speed explains itself. Unusual: nothing is written into the run's own log. Only its
worker writes there, and what somebody asked of a model is no fact about the run; so the spans live in the server's memory,
the last 2,000 of them, and are gone when it ends.
"""

import bisect
import contextlib
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from glassworks.common.clock import utc_now
from glassworks.engine.closing import Closing
from glassworks.server.features.playground.schemas import LeaseView, SourceView

MAX_SPANS = 2000


@dataclass(frozen=True)
class Pace:
    """A training had done `step` steps at `time`, as its progress told."""

    time: str
    step: int


def step_at(paces: Sequence[Pace], time: str) -> float:
    """The step at a moment, between what progress told before and after it."""
    place = bisect.bisect_right(paces, time, key=lambda pace: pace.time)
    if place in (0, len(paces)):
        return paces[0 if place == 0 else -1].step
    before, after = paces[place - 1], paces[place]
    share = _seconds(before.time, time) / _seconds(before.time, after.time)
    return round(before.step + share * (after.step - before.step), 2)


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


class LeaseBook(Closing):
    """One a server; every method may be called from any thread."""

    def __init__(self) -> None:
        self._spans: deque[LeaseView] = deque(maxlen=MAX_SPANS)
        self._num = 0
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def span(self, source: SourceView) -> Iterator[None]:
        """The time that the block takes."""
        with self._lock:
            self._num += 1
            opened = LeaseView(
                id=self._num,
                ref=source.ref,
                label=source.label,
                checkpoint=source.checkpoint,
                run=source.run,
                started_at=utc_now(),
                ended_at=None,
            )
            self._spans.append(opened)
        try:
            yield
        finally:
            self._end(opened.id)

    def beside(self, paces: Sequence[Pace]) -> tuple[LeaseView, ...]:
        """Spans that overlap a training, with the steps that it did meanwhile; oldest first."""
        with self._lock:
            found = tuple(self._spans)
        if not paces:
            return ()
        first, last = paces[0].time, paces[-1].time
        return tuple(
            one.model_copy(
                update={
                    "from_step": step_at(paces, one.started_at),
                    "to_step": step_at(paces, one.ended_at or last),
                }
            )
            for one in found
            if one.started_at <= last and (one.ended_at or last) >= first
        )

    def began_at(self) -> str | None:
        """When the oldest span began; None where there is none."""
        with self._lock:
            return self._spans[0].started_at if self._spans else None

    def close(self) -> None:
        """Nothing is held open."""

    def _end(self, span: int) -> None:
        with self._lock:
            for place, one in enumerate(self._spans):
                if one.id == span:
                    self._spans[place] = one.model_copy(update={"ended_at": utc_now()})
                    return
