"""Append-only logs of JSON lines: events, metrics, ledger, logs.

One line is one write. A crash can tear only the last line: readers ignore a line without its end, and the next writer
cuts it off before it appends. Line numbers start at 1; "after line n" means the lines n+1, n+2, ... A complete line
that is no JSON means a damaged disk: readers raise BadData.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glassworks.common.errors import BadData
from glassworks.storage.atomic import disk_errors

TAIL_BYTES = 65_536


class LineLog:
    """A reader and writer of one log file, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def append(self, *values: Any) -> None:
        """Store each value as a line, in one write. Raises DiskFull."""
        if self._descriptor is None:
            self._descriptor = self._open()
        text = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
        data = text.encode(
            "utf-8", "backslashreplace"
        )  # half a surrogate pair becomes its JSON escape
        with disk_errors(self.path):
            try:
                while data:
                    data = data[os.write(self._descriptor, data) :]
            except OSError:
                _cut_torn_line(self._descriptor)  # the disk took half a line: it must not stay half
                raise

    def sync(self) -> None:
        """Make everything appended so far durable."""
        if self._descriptor is not None:
            with disk_errors(self.path):
                os.fsync(self._descriptor)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __del__(self) -> None:
        self.close()  # a log that nobody holds any more: run folders are opened for a moment, by the thousand

    def read(self, after: int = 0) -> list[Any]:
        """The values of all complete lines after line `after`."""
        return [value for _, value in self.numbered(after)]

    def numbered(self, after: int = 0) -> Iterator[tuple[int, Any]]:
        """(line number, value) of each complete line after line `after`."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if number > after and line.endswith(b"\n"):
                    yield number, _parse(line, self.path, number)

    def newest_first(self) -> Iterator[Any]:
        """The values of the complete lines, the last one first; only so much is read as is asked for."""
        for line in _lines_from_the_end(self.path):
            try:
                yield json.loads(line)
            except ValueError:
                self.read()  # raises BadData, and says which line it is
                raise

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
        with disk_errors(self.path):
            descriptor = os.open(self.path, flags, 0o644)
        _cut_torn_line(descriptor)
        return descriptor


class Follower:
    """Reads a growing log piece by piece; each `poll` gives the values of the lines completed since the last."""

    def __init__(self, path: Path, after: int = 0) -> None:
        self.path = path
        self.line = 0
        self.num_bytes = 0
        """How much of the file was read: up to the end of its last complete line."""
        self._skip = after

    def poll(self) -> list[Any]:
        try:
            with self.path.open("rb") as file:
                file.seek(self.num_bytes)
                data = file.read()
        except FileNotFoundError:
            return []
        complete = data[: data.rfind(b"\n") + 1]
        self.num_bytes += len(complete)
        values = []
        for line in complete.split(b"\n")[:-1]:
            self.line += 1
            if self.line > self._skip:
                values.append(_parse(line, self.path, self.line))
        return values


def _lines_from_the_end(path: Path) -> Iterator[bytes]:
    if not path.exists():
        return
    with path.open("rb") as file:
        start = file.seek(0, os.SEEK_END)
        begun: bytes | None = None  # what was read of a line that begins further up
        while start > 0:
            end, start = start, max(0, start - TAIL_BYTES)
            file.seek(start)
            lines = (file.read(end - start) + (begun or b"")).split(b"\n")
            if begun is None and len(lines) == 1:
                continue  # all of it belongs to a torn last line
            complete = lines[1:-1] if begun is None else lines[1:]
            begun = lines[0]
            yield from reversed(complete)
        if begun is not None:
            yield begun


def _parse(line: bytes, path: Path, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise BadData(
            "log-damaged",
            f"Line {number} of {path.name} cannot be read.",
            "Run `glassworks doctor --store`, which explains what is damaged.",
            f"{path}:{number}",
        ) from error


def _cut_torn_line(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    if size == 0 or os.pread(descriptor, 1, size - 1) == b"\n":
        return
    start, end = size, -1
    while start > 0 and end < 0:  # a torn line may be long: look further back until there is an end
        start = max(0, start - TAIL_BYTES)
        end = os.pread(descriptor, TAIL_BYTES, start).rfind(b"\n")
    os.ftruncate(descriptor, start + end + 1)
