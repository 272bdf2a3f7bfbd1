"""Work shared by several processes: tasks in, results out in the order of the tasks, whoever was done first.

In: how a worker is made, tasks, a number of processes. Out: results. With one process all of it happens here.
Unusual: processes are spawned, never forked (torch and Arrow have threads), and each holds one end of a pipe whose other
end only the parent has: when the parent dies, by a kill too, they read the end of the pipe and go. What is handed out runs
at most a few tasks ahead of what was taken, so memory does not grow with the number of tasks. Nobody waits for the one who takes
the results: a process has its next task already, and a thread of it hands over what is done while it works on.
"""

import contextlib
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from queue import Queue
from threading import Thread
from typing import Any, TypeVar

from glassworks.common.errors import GlassworksError, StageFailed
from glassworks.specs.stage import Stopped

POLL_S = 0.2
AHEAD = 3
"""Tasks a process that may be out or waiting for their turn."""
AT_HAND = 2
"""Tasks that a process may have: the one that it works on, and the next."""
END_S = 5.0
_END = object()

Task = TypeVar("Task")
Result = TypeVar("Result")
Work = Callable[[Task], Result]


def in_order(
    make_work: Callable[[], Work[Task, Result]],
    tasks: Iterable[Task],
    num_processes: int,
    should_stop: Callable[[], bool],
) -> Iterator[Result]:
    """`make_work()(task)` for each task, in order. `make_work` is called once in each process; it, tasks and results
    must survive a pipe.

    Raises Stopped when `should_stop` says so, what a task raised if it is a GlassworksError, and StageFailed for a process
    that ended by itself.
    """
    if num_processes > 1:
        with _Crew(make_work, num_processes, should_stop) as crew:
            yield from crew.work(tasks)
        return
    work = make_work()
    for task in tasks:
        if should_stop():
            raise Stopped
        yield work(task)


class _Crew:
    """The processes and what each is doing."""

    def __init__(
        self, make_work: Callable[[], Work[Any, Any]], num: int, should_stop: Callable[[], bool]
    ) -> None:
        context = get_context("spawn")
        self._should_stop = should_stop
        self._ahead = AHEAD * num
        self._processes: dict[Connection, Any] = {}
        self._out: dict[Connection, deque[int]] = {}
        """What each has been given, in order."""
        for _ in range(num):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, make_work), daemon=True)
            process.start()
            theirs.close()
            self._processes[ours] = process
            self._out[ours] = deque()

    def __enter__(self) -> "_Crew":
        return self

    def __exit__(self, *_: object) -> None:
        for pipe, process in self._processes.items():
            pipe.close()
            if self._out[pipe]:
                process.kill()
            process.join(END_S)
            if process.is_alive():
                process.kill()
                process.join()

    def work(self, tasks: Iterable[Any]) -> Iterator[Any]:
        done: dict[int, Any] = {}
        num_taken = 0
        for number, task in enumerate(tasks):
            while number - num_taken >= self._ahead or len(self._least_busy()) == AT_HAND:
                done |= self._collect()
                while num_taken in done:
                    yield done.pop(num_taken)
                    num_taken += 1
            self._hand_out(number, task)
        while any(self._out.values()):
            done |= self._collect()
            while num_taken in done:
                yield done.pop(num_taken)
                num_taken += 1

    def _hand_out(self, number: int, task: Any) -> None:
        pipe = min(self._out, key=lambda one: len(self._out[one]))
        try:
            pipe.send(task)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise self._ended(pipe) from error
        self._out[pipe].append(number)

    def _least_busy(self) -> deque[int]:
        return min(self._out.values(), key=len)

    def _collect(self) -> dict[int, Any]:
        """What has been done since; waits for the first."""
        ready: list[Any] = []
        while not ready:
            if self._should_stop():
                raise Stopped
            ready = connection.wait([pipe for pipe, out in self._out.items() if out], POLL_S)
        return dict(map(self._receive, ready))

    def _receive(self, pipe: Connection) -> tuple[int, Any]:
        try:
            result = pipe.recv()
        except (EOFError, ConnectionResetError) as error:
            raise self._ended(pipe) from error
        if isinstance(result, GlassworksError):
            raise result
        return self._out[pipe].popleft(), result

    def _ended(self, pipe: Connection) -> StageFailed:
        process = self._processes[pipe]
        process.join(END_S)
        how = (
            f"by signal {-process.exitcode}"
            if process.exitcode and process.exitcode < 0
            else f"with exit code {process.exitcode}"
        )
        return StageFailed(
            "process-ended",
            f"A process that shared the work ended {how}.",
            "Its last words stand in the run's output. If memory was short, ask for fewer processes; then resume the run.",
        )


def _serve(pipe: Connection, make_work: Callable[[], Work[Any, Any]]) -> None:
    """The life of a process: make the work, do what comes, until the other end is closed. The parent decides when to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    done: Queue[Any] = Queue(maxsize=1)
    handing_over = Thread(target=_hand_over, args=(pipe, done), daemon=True)
    handing_over.start()
    try:
        work = make_work()
        while True:
            done.put(work(pipe.recv()))
    except GlassworksError as error:
        done.put(error)
    except (EOFError, ConnectionResetError):
        pass
    done.put(_END)
    handing_over.join()


def _hand_over(pipe: Connection, done: "Queue[Any]") -> None:
    """Send what is done, in order. When nobody is there to take it, it is dropped: the work learns of it from its end of the pipe."""
    is_heard = True
    while (result := done.get()) is not _END:
        if is_heard:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                pipe.send(result)
                continue
            is_heard = False
