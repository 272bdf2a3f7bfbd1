"""Driving a run while showing it: the work in a second thread, the screen and the person's Ctrl-C in the main one.

In: a call of the api that takes a stopper and `on_open`. Out: its result. The display reads the run's folder and nothing
else, so what is shown here is what `glassworks watch` shows in another terminal. Ctrl-C once saves and stops, twice
stops at once, a third time leaves without waiting; the run's folder is sound in each case.
"""

import contextlib
import os
import queue
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import FrameType

from glassworks.api import RunResult
from glassworks.cli.display.live import Display
from glassworks.cli.failures import EXIT_STOPPED
from glassworks.engine.attempt import Stopper
from glassworks.engine.follow import FlowFollower

POLL_S = 0.25
OnOpen = Callable[[FlowFollower, bool], None]
Work = Callable[[Stopper, OnOpen], RunResult]
NOTE = "Ctrl-C saves and stops."
SAVING = "Saving, then stopping. Ctrl-C again stops at once."
STOPPING = "Stopping at once. What is saved stays."


class Interrupts:
    """Counts Ctrl-C (and the TERM of a service manager, which counts as one) and passes them on."""

    def __init__(self, stopper: Stopper, display: Display) -> None:
        self.stopper = stopper
        self.display = display
        self.num = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.num += 1
        if self.num == 1:
            self.stopper.request("save")
        elif self.num == 2:
            self.stopper.request("kill")
        else:
            os._exit(EXIT_STOPPED)

    @contextlib.contextmanager
    def caught(self) -> Iterator[None]:
        """Catch the signals inside the block."""
        before = {n: signal.signal(n, self) for n in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def tell(self) -> None:
        """Say once what the last Ctrl-C did; the handler itself must not write to the screen."""
        words = (NOTE, SAVING, STOPPING)[min(self.num, 2)]
        if words != self.display.note:
            self.display.note = words
            if self.num:
                self.display.say(words)


def drive_and_show(work: Work, display: Display, waiting_words: str) -> RunResult:
    """Run `work` to its end, showing it; raises what it raises."""
    stopper = Stopper()
    interrupts = Interrupts(stopper, display)
    opened: queue.SimpleQueue[FlowFollower] = queue.SimpleQueue()
    follower: FlowFollower | None = None
    with interrupts.caught(), ThreadPoolExecutor(1, thread_name_prefix="drive") as pool:
        display.wait(waiting_words)
        future = pool.submit(work, stopper, lambda found, is_resumed: opened.put(found))
        try:
            while not _is_done(future):
                interrupts.tell()
                follower = follower or _taken(opened)
                if follower is not None:
                    follower.poll()
                    display.show(follower)
        finally:
            follower = follower or _taken(opened)
            if follower is not None:
                follower.poll()
            display.close(follower)
        return future.result()


def _is_done(future: "Future[RunResult]") -> bool:
    """Wait a moment; True once the work has ended, however."""
    with contextlib.suppress(TimeoutError):
        future.exception(timeout=POLL_S)
        return True
    return False


def _taken(opened: "queue.SimpleQueue[FlowFollower]") -> FlowFollower | None:
    return opened.get() if not opened.empty() else None
