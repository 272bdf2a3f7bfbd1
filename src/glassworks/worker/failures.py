"""Whatever a stage raises becomes one error of the tree, with words a person can act on.

Unusual: a full disk wears many coats. The system calls it `OSError` with one of three numbers; torch's writer says
`RuntimeError ... inline_container`, SQLite `disk I/O error`, safetensors has an error of its own. The whole chain of causes is looked at.
"""

import errno
import os
import resource
from collections.abc import Iterator
from pathlib import Path

from glassworks.common.errors import (
    DiskFull,
    GlassworksError,
    OutOfMemory,
    StageFailed,
    Unavailable,
)
from glassworks.storage.atomic import disk_full

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NO_ROOM_WORDS = (
    "no space left on device",
    "os error 28",
    "file too large",
    "os error 27",
    "database or disk is full",
)
WRITER_WORDS = (
    "inline_container",
    "pytorchstreamwriter",
    "iostream error",
    "unexpected pos",
    "disk i/o error",
)
NO_MEMORY_WORDS = ("out of memory", "can't allocate memory", "cannot allocate memory")
LITTLE_ROOM_BYTES = 16 << 20


def as_error(error: BaseException, folder: Path) -> GlassworksError:
    """The error that a person sees for `error`; `folder` is where the attempt writes."""
    if isinstance(error, GlassworksError):
        return error
    causes = list(_chain(error))
    known = next((cause for cause in causes if isinstance(cause, DiskFull)), None)
    if known is not None:
        return known
    if any(_is_disk_full(cause, folder) for cause in causes):
        return disk_full(folder)
    if any(_is_out_of_memory(cause) for cause in causes):
        return _out_of_memory(str(folder))
    return StageFailed(
        "stage-crashed",
        f"The stage ended with an unexpected {type(error).__name__}: {_first_line(error)}",
        "The whole trace is in the attempt's log.jsonl. Resume the run once the cause is gone.",
        str(folder / "log.jsonl"),
    )


def as_answer(error: Exception) -> GlassworksError:
    """What someone is told whose question met an error that nobody had foreseen."""
    if any(_is_out_of_memory(cause) for cause in _chain(error)):
        return _out_of_memory("")
    return Unavailable(
        "helper-failed",
        f"The helper met an unexpected {type(error).__name__}: {_first_line(error)}",
        "This is a fault of Glassworks or of a plugin; report it with what you asked for.",
    )


def _out_of_memory(where: str) -> OutOfMemory:
    return OutOfMemory(
        "out-of-memory",
        "The machine has less memory than this work needs.",
        "Make the batch, the context or the model smaller, or close other programs; then resume.",
        where,
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, what caused it, what it replaced, each once."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop(0)
        if current is not None and id(current) not in seen:
            seen.add(id(current))
            yield current
            waiting += [current.__cause__, current.__context__]


def _is_disk_full(error: BaseException, folder: Path) -> bool:
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return True
    text = str(error).lower()
    if any(words in text for words in NO_ROOM_WORDS):
        return True
    return any(words in text for words in WRITER_WORDS) and _has_little_room(folder)


def _has_little_room(folder: Path) -> bool:
    """Whether a failed write is likely for want of room: the disk is nearly full, or files have a size limit."""
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        free_bytes = _free_bytes(folder)
    except OSError:
        return False
    return limit != resource.RLIM_INFINITY or free_bytes < LITTLE_ROOM_BYTES


def _free_bytes(folder: Path) -> int:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def _is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in text for words in NO_MEMORY_WORDS)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or ["(no message)"])[0][:300]
