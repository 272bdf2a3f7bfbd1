"""Locks between processes, released by the operating system when their holder dies."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from glassworks.common.errors import Conflict


@contextlib.contextmanager
def exclusive(path: Path, conflict: Conflict) -> Iterator[None]:
    """Hold the lock file `path` alone, or raise `conflict` at once."""
    with _held(path, fcntl.LOCK_EX, conflict):
        yield


@contextlib.contextmanager
def shared(path: Path, conflict: Conflict) -> Iterator[None]:
    """Hold the lock file `path` together with other sharers, or raise `conflict` at once."""
    with _held(path, fcntl.LOCK_SH, conflict):
        yield


def is_held(path: Path) -> bool:
    """Whether some process holds `path` exclusively now."""
    if not path.exists():
        return False
    try:
        with _held(path, fcntl.LOCK_SH, Conflict("locked", "")):
            return False
    except Conflict:
        return True


@contextlib.contextmanager
def _held(path: Path, mode: int, conflict: Conflict) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            raise conflict from None
        yield
    finally:
        os.close(descriptor)
