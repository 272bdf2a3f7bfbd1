"""The pool: loaded models, each in a process of its own with one thread, admitted at once beside whatever trains.

In: artifact ids of a checkpoint and its tokenizer. Out: a lease, a `with` block in which that model's client may be used by
any number of threads. At most three are loaded, within a memory limit; room is made by letting go of the one that nobody
has used for the longest time, and who is idle for five minutes is let go anyway. Unusual: a process that is let go is not
ended when another model is wanted: it loads that one instead, which takes a blink where a new process takes seconds.
A model's process ends with its standard input, so none can outlive this server, however it dies.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from glassworks.common.errors import GlassworksError, LimitReached, Unavailable
from glassworks.engine.closing import Closing
from glassworks.engine.serve_client import ServeClient

MAX_LOADED = 3
IDLE_S = 300.0
CHECK_S = 5.0
PROCESS_BYTES = 450 << 20
"""What a model's process takes before it holds a model."""
WEIGHTS_FACTOR = 1.5
"""Weights, and the keys and values of what is being written."""
MEMORY_SHARE = 0.5
"""Of the machine's memory, how much all loaded models together may take."""


@dataclass(eq=False)
class _Seat:
    """A process and the model that it holds, or is about to. `loading` is held while it loads."""

    client: ServeClient
    checkpoint: str
    needs_bytes: int
    group: str
    is_loaded: bool = False
    num_users: int = 0
    used_at: float = field(default_factory=time.monotonic)
    loading: threading.Lock = field(default_factory=threading.Lock)


class ModelPool(Closing):
    """One a server; every method may be called from any thread."""

    def __init__(
        self, store: Path, idle_s: float = IDLE_S, memory_bytes: int | None = None
    ) -> None:
        self._store = store
        self._idle_s = idle_s
        total = psutil.virtual_memory().total
        self._limit_bytes = int(total * MEMORY_SHARE) if memory_bytes is None else memory_bytes
        self._seats: list[_Seat] = []
        self._lock = threading.Lock()
        self._is_closed = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep, name="models", daemon=True)
        self._sweeper.start()

    @contextlib.contextmanager
    def lease(
        self, checkpoint: str, tokenizer: str, size_bytes: int, group: str = ""
    ) -> Iterator[ServeClient]:
        """The client of a process that holds this model. `group`: of a newer checkpoint of the same, the older goes first.

        Raises LimitReached when all are in use, Unavailable when there is no memory, and what loading raises.
        """
        seat = self._take(checkpoint, size_bytes, group)
        try:
            with seat.loading:
                if not seat.is_loaded:
                    seat.client.load(checkpoint, tokenizer)
                    seat.is_loaded = True
            yield seat.client
        except GlassworksError:
            if not seat.is_loaded or seat.client.is_closed:
                self._drop(seat)
            raise
        finally:
            with self._lock:
                seat.num_users -= 1
                seat.used_at = time.monotonic()

    def loaded(self) -> list[str]:
        """Checkpoints that are held now."""
        with self._lock:
            return [seat.checkpoint for seat in self._seats if seat.is_loaded]

    def close(self) -> None:
        """End all processes; what is being written breaks off."""
        self._is_closed.set()
        self._sweeper.join()
        with self._lock:
            seats, self._seats = self._seats, []
        for seat in seats:
            seat.client.close()

    # --- seats ---------------------------------------------------------------------------------------------------

    def _take(self, checkpoint: str, size_bytes: int, group: str) -> _Seat:
        """The seat of this model, one user more; what has to go for it is closed in the background."""
        with self._lock:
            if self._is_closed.is_set():
                raise Unavailable(
                    "model-process-ended", "The server is ending.", "Ask again once it runs."
                )
            gone = self._remove(lambda seat: seat.client.is_closed)
            try:
                seat = self._find(checkpoint) or self._make(checkpoint, size_bytes, group, gone)
            finally:
                _close_later(gone)
            seat.num_users += 1
            return seat

    def _find(self, checkpoint: str) -> _Seat | None:
        return next((seat for seat in self._seats if seat.checkpoint == checkpoint), None)

    def _make(self, checkpoint: str, size_bytes: int, group: str, gone: list[_Seat]) -> _Seat:
        """A seat for another model: of an idle process where one may be taken, else of a new one."""
        needs_bytes = PROCESS_BYTES + int(size_bytes * WEIGHTS_FACTOR)
        idle = sorted((s for s in self._seats if not s.num_users), key=lambda s: s.used_at)
        reused = self._reusable(idle, group)
        self._make_room(needs_bytes, [seat for seat in idle if seat is not reused], reused, gone)
        if reused is not None:
            self._seats.remove(reused)
        client = reused.client if reused else ServeClient(self._store, threads=1)
        seat = _Seat(client, checkpoint, needs_bytes, group)
        self._seats.append(seat)
        return seat

    def _reusable(self, idle: list[_Seat], group: str) -> _Seat | None:
        """The idle seat that the next model takes over: an older one of its group, or the oldest when all are taken."""
        own = [seat for seat in idle if group and seat.group == group]
        if own or len(self._seats) < MAX_LOADED:
            return own[0] if own else None
        if not idle:
            raise LimitReached(
                "models-busy",
                f"{MAX_LOADED} models are answering already.",
                "Wait until one is done, or stop it.",
            )
        return idle[0]

    def _make_room(
        self, needs_bytes: int, idle: list[_Seat], reused: _Seat | None, gone: list[_Seat]
    ) -> None:
        """Let idle seats go until one more model fits. Raises Unavailable when it does not even then."""
        freed = [reused] if reused else []
        while not self._fits(needs_bytes, freed):
            if not idle:
                raise Unavailable(
                    "no-memory-for-model",
                    f"The model needs about {needs_bytes / 1e9:.1f} GB of memory; less is free.",
                    "Wait until others are done, or take a smaller model.",
                )
            oldest = idle.pop(0)
            freed.append(oldest)
            self._seats.remove(oldest)
            gone.append(oldest)

    def _fits(self, needs_bytes: int, freed: list[_Seat]) -> bool:
        taken = sum(seat.needs_bytes for seat in self._seats if seat not in freed)
        free = psutil.virtual_memory().available + sum(seat.needs_bytes for seat in freed)
        return taken + needs_bytes <= self._limit_bytes and needs_bytes <= free

    def _remove(self, goes: Callable[[_Seat], bool]) -> list[_Seat]:
        gone = [seat for seat in self._seats if goes(seat)]
        self._seats = [seat for seat in self._seats if seat not in gone]
        return gone

    def _drop(self, seat: _Seat) -> None:
        with self._lock:
            gone = self._remove(lambda one: one is seat)
        _close_later(gone)

    def _sweep(self) -> None:
        """The sweeping thread: who is idle for too long is let go."""
        while not self._is_closed.wait(min(CHECK_S, self._idle_s)):
            with self._lock:
                gone = self._remove(self._is_idle_too_long)
            for seat in gone:
                seat.client.close()

    def _is_idle_too_long(self, seat: _Seat) -> bool:
        return not seat.num_users and time.monotonic() - seat.used_at > self._idle_s


def _close_later(seats: list[_Seat]) -> None:
    """End processes without making anyone wait for it."""
    for seat in seats:
        threading.Thread(target=seat.client.close, name="close-model", daemon=True).start()
