"""Locks between processes, released by the operating system when their holder dies.

Asking whether a lock is held takes it for a moment; so whoever wants one tries for a fifth of a second before giving up.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from glassworks.common.errors import Conflict

TRY_FOR_S = 0.2
TRY_EVERY_S = 0.01


@contextlib.contextmanager
def exclusive(path: Path, conflict: Conflict) -> Iterator[None]:
    """Hold the lock file `path` alone, or raise `conflict` when someone else goes on holding it."""
    with _held(path, fcntl.LOCK_EX, conflict, TRY_FOR_S):
        yield


@contextlib.contextmanager
def shared(path: Path, conflict: Conflict) -> Iterator[None]:
    """Hold the lock file `path` together with other sharers, or raise `conflict` while someone holds it alone."""
    with _held(path, fcntl.LOCK_SH, conflict, TRY_FOR_S):
        yield


def is_held(path: Path) -> bool:
    """Whether some process holds `path` exclusively now."""
    if not path.exists():
        return False
    try:
        with _held(path, fcntl.LOCK_SH, Conflict("locked", ""), try_for_s=0.0):
            return False
    except Conflict:
        return True


@contextlib.contextmanager
def _held(path: Path, mode: int, conflict: Conflict, try_for_s: float) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        deadline = time.monotonic() + try_for_s
        while not _is_taken(descriptor, mode):
            if time.monotonic() >= deadline:
                raise conflict
            time.sleep(TRY_EVERY_S)
        yield
    finally:
        os.close(descriptor)


def _is_taken(descriptor: int, mode: int) -> bool:
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
