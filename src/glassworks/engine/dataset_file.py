"""A dataset as a file: its bytes one after another, made by a process of its own (`worker export`).

In: the folder of a dataset and a format. Out: pieces of bytes, or a file. Closing the stream ends the process.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import IO, Literal, get_args

from glassworks.common.errors import GlassworksError, InvalidSpec, Unavailable, error_from_dict
from glassworks.engine.export import check_target
from glassworks.storage.atomic import disk_errors, sync_file, sync_folder

FileFormat = Literal["jsonl", "csv", "parquet", "txt"]
FORMATS: tuple[str, ...] = get_args(FileFormat)
MEDIA_TYPES: dict[str, str] = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "txt": "text/plain; charset=utf-8",
}
PIECE_BYTES = 1 << 18
END_LIMIT_S = 5.0
SAID_CHARACTERS = 300


def format_of(target: Path, wanted: str | None = None) -> FileFormat:
    """The format that is wanted, or that the ending of a name says. Raises InvalidSpec."""
    found = wanted or target.suffix.lower().removeprefix(".")
    for known in get_args(FileFormat):
        if found == known:
            chosen: FileFormat = known
            return chosen
    raise InvalidSpec(
        "no-export-format",
        f"A dataset cannot be written as {found or 'a file without an ending'!r}.",
        f"Formats: {', '.join(FORMATS)}. The ending of the file or --format says which.",
        "format",
    )


def stream_dataset(folder: Path, format_: FileFormat) -> Generator[bytes, None, None]:
    """The bytes of the file, begun: what keeps it from beginning is raised here. Raises NotFound, BadData, Unavailable."""
    pieces = _pieces(folder, format_)
    first = next(pieces, b"")
    return _begun(first, pieces)


def write_dataset(folder: Path, format_: FileFormat, target: Path) -> int:
    """Write the file, whole or not at all; returns its size. Raises Conflict when it exists, DiskFull."""
    check_target(target)
    target = target.absolute()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with disk_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file, contextlib.closing(_pieces(folder, format_)) as made:
                for piece in made:
                    file.write(piece)
            sync_file(temporary)
            check_target(target)
            temporary.rename(target)
            sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return target.stat().st_size


def _begun(first: bytes, pieces: Generator[bytes, None, None]) -> Generator[bytes, None, None]:
    with contextlib.closing(pieces):
        yield first
        yield from pieces


def _pieces(folder: Path, format_: FileFormat) -> Generator[bytes, None, None]:
    command = [sys.executable, "-P", "-m", "glassworks.worker", "export", str(folder), format_]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        )
        assert process.stdout is not None
        try:
            while piece := process.stdout.read(PIECE_BYTES):
                yield piece
            if process.wait() != 0:
                raise _error_in(said)
        finally:
            process.stdout.close()
            process.kill()
            process.wait(END_LIMIT_S)


def _error_in(said: IO[bytes]) -> GlassworksError:
    """What the process wrote last, as the error that it was there."""
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    try:
        return error_from_dict(json.loads(lines[-1]))
    except (IndexError, ValueError, AttributeError):
        words = f" Its last words: {lines[-1][:SAID_CHARACTERS]}" if lines else ""
        return Unavailable(
            "export-broke",
            f"The process that writes the dataset ended before it was done.{words}",
            "Try again. `glassworks doctor` checks the installation.",
        )
