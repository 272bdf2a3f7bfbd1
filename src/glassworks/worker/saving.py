"""One save at a time, beside the work.

In: what writes a state. Out: the state, some time later, while the stage goes on. At most one save is in flight; whoever
wants the next waits for it. What goes wrong is kept and raised where the stage listens, so that a run whose saves fail does
not go on in silence.
"""

import threading
from collections.abc import Callable

LIFE_EVERY_S = 1.0


class BackgroundSave:
    """`show_life` is called once a second while someone waits: a slow disk is no worker that hangs."""

    def __init__(self, show_life: Callable[[], None]) -> None:
        self._show_life = show_life
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def begin(self, work: Callable[[], None]) -> None:
        """Start `work`. The one before has to be over: call `wait` first."""
        assert self._thread is None, "the save before is still in flight"
        self._thread = threading.Thread(target=self._run, args=(work,), name="save", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raises, once, what went wrong with a save that is over; never waits."""
        if self._thread is None or self.is_running:
            return
        self._thread = None
        error, self._error = self._error, None
        if error is not None:
            raise error

    def wait(self) -> None:
        """Wait for the save in flight; raises, once, what went wrong with it."""
        while self._thread is not None and self.is_running:
            self._thread.join(LIFE_EVERY_S)
            self._show_life()
        self.check()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 (carried over to the thread that waits)
            self._error = error
