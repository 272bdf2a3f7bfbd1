"""JSON lines: one object a line. A `.json` file that is one list of objects is read the same way.

A line may have 64 MB at most: an endless one would fill the memory.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glassworks.common.errors import BadData
from glassworks.lm.text.files import read_text, stream_text
from glassworks.lm.text.formats._rows import extracts
from glassworks.lm.text.formats.base import Extract, Format, ReadOptions

MAX_LINE = 64 << 20
MAX_JSON_BYTES = 256 << 20


class Jsonl(Format):
    """JSON lines."""

    title = "JSON lines"
    endings = (".jsonl", ".ndjson", ".json")
    is_rows = True

    @staticmethod
    def read(path: Path, options: ReadOptions) -> Iterator[Extract]:
        return extracts(_numbered(path), options.mapping, "line")

    @staticmethod
    def rows(path: Path) -> Iterator[dict[str, Any]]:
        return (row for _, row in _numbered(path))


def _numbered(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if _is_list(path):
        yield from enumerate(_listed(path), start=1)
        return
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            yield number, _object(line, path, number)


def _is_list(path: Path) -> bool:
    return path.suffix.lower() == ".json" and next(stream_text(path)).lstrip().startswith("[")


def _listed(path: Path) -> list[dict[str, Any]]:
    if path.stat().st_size > MAX_JSON_BYTES:
        raise BadData(
            "file-too-large",
            f"{path.name} is one JSON list of {path.stat().st_size:,} bytes, which has to be held whole.",
            f"Save it as JSON lines; a list may have {MAX_JSON_BYTES:,} bytes.",
            str(path),
        )
    try:
        found = json.loads(read_text(path))
    except RecursionError as error:
        raise _malformed(path, 1, "it is nested too deep") from error
    except ValueError as error:
        raise _malformed(path, 1, str(error)) from error
    if not all(isinstance(row, dict) for row in found):
        raise _malformed(path, 1, "not every element is an object")
    return list(found)


def _lines(path: Path) -> Iterator[str]:
    held = ""
    for piece in stream_text(path):
        *whole, held = (held + piece).split("\n")
        yield from whole
        if len(held) > MAX_LINE:
            raise BadData(
                "line-too-long",
                f"{path.name} has a line of more than {MAX_LINE:,} characters.",
                "JSON lines hold one document a line; cut it into several.",
                str(path),
            )
    yield held


def _object(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except RecursionError as error:
        raise _malformed(path, number, "it is nested too deep") from error
    except ValueError as error:
        raise _malformed(path, number, str(error)) from error
    if not isinstance(row, dict):
        raise _malformed(path, number, "it is no object")
    return row


def _malformed(path: Path, number: int, what: str) -> BadData:
    return BadData(
        "malformed-json",
        f"{path.name}, line {number:,}, is not a JSON object: {what[:200]}.",
        "Mend the line, or leave the file out.",
        f"{path}:line {number}",
    )
