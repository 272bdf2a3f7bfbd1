"""When models were asked: the spans in which an answer took a thread from what was training.

In: the begin and the end of each request to a model, the loading included. Out: `GET /api/playground/leases`, which a run's
chart draws as bands, so that a dip in its speed explains itself. Unusual: nothing is written into the run's own log. Only its
worker writes there, and what somebody asked of a model is no fact about the run; so the spans live in the server's memory,
the last 2,000 of them, and are gone when it ends.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Iterator

from glassworks.common.clock import utc_now
from glassworks.engine.closing import Closing
from glassworks.server.features.playground.schemas import LeaseView, SourceView

MAX_SPANS = 2000


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

    def since(self, time: str | None) -> tuple[LeaseView, ...]:
        """Spans that were not over at `time`, oldest first."""
        with self._lock:
            found = tuple(self._spans)
        return tuple(one for one in found if one.ended_at is None or one.ended_at >= (time or ""))

    def close(self) -> None:
        """Nothing is held open."""

    def _end(self, span: int) -> None:
        with self._lock:
            for place, one in enumerate(self._spans):
                if one.id == span:
                    self._spans[place] = one.model_copy(update={"ended_at": utc_now()})
                    return
