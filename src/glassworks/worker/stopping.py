"""The wish to stop: TERM (from the shim) or INT (by hand) sets a flag that the stage reads when it can."""

import signal
from collections.abc import Callable


def listen_for_stop() -> Callable[[], bool]:
    """From now on TERM and INT do not end this process; returns whether one has come."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda n, _frame: asked.append(n))
    return lambda: bool(asked)
