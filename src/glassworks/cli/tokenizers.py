"""What the commands about tokenizers share: their argument, and lines of JSON in (which tokenizer is meant, `engine` says).

In: a file of lines, `-` being standard input. Out: what the lines hold, in batches that the helper takes at once.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, BinaryIO, TypeVar

import typer

from glassworks.common.errors import BadData, NotFound

LIMIT_S = 600.0
"""Longest answer of the helper to one batch."""
T = TypeVar("T", str, list[int])
MAX_LINES = 1_000
MAX_SIZE = 500_000
"""Characters or ids in a batch; the helper takes more, so that one long line passes too."""

TokenizerArgument = Annotated[
    str,
    typer.Argument(
        metavar="REF|FILE",
        help="A tokenizer: its name, the name of a model, a folder or tokenizer.json, or known:bytes.",
    ),
]
JsonlOption = Annotated[
    str | None,
    typer.Option("--jsonl", metavar="FILE|-", help="A file with one input a line; - is stdin."),
]


def check_one_input(has_argument: bool, jsonl: str | None, argument: str) -> None:
    """Raises BadParameter unless exactly one of the two is given."""
    if has_argument == (jsonl is not None):
        raise typer.BadParameter(f"Give either {argument} or --jsonl FILE.")


def read_text(value: Any) -> str:
    """The text of a line: `{"text": "..."}` or `"..."`. Raises ValueError."""
    text = value.get("text") if isinstance(value, dict) else value
    if not isinstance(text, str):
        raise ValueError('Each line is {"text": "..."} or "...".')
    return text


def read_ids(value: Any) -> list[int]:
    """The ids of a line: `{"ids": [1, 2]}` or `[1, 2]`. Raises ValueError."""
    ids = value.get("ids") if isinstance(value, dict) else value
    if not isinstance(ids, list) or not all(type(id_) is int for id_ in ids):
        raise ValueError('Each line is {"ids": [1, 2]} or [1, 2].')
    return ids


def batches(jsonl: str, read: Callable[[Any], T]) -> Iterator[list[T]]:
    """What the lines hold, some lines at once. Raises BadData with the line's number, NotFound."""
    batch: list[T] = []
    size = 0
    for value in lines(jsonl, read):
        if batch and (len(batch) == MAX_LINES or size + len(value) > MAX_SIZE):
            yield batch
            batch, size = [], 0
        batch.append(value)
        size += len(value)
    if batch:
        yield batch


def lines(jsonl: str, read: Callable[[Any], T]) -> Iterator[T]:
    """What each line holds. Raises BadData with the line's number, NotFound."""
    if jsonl == "-":
        yield from _parsed(sys.stdin.buffer, "stdin", read)
        return
    if not Path(jsonl).is_file():
        raise NotFound("file-not-found", f"There is no file {jsonl}.", "Check the path.", jsonl)
    with Path(jsonl).open("rb") as file:
        yield from _parsed(file, jsonl, read)


def _parsed(file: BinaryIO, name: str, read: Callable[[Any], T]) -> Iterator[T]:
    for number, line in enumerate(file, start=1):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            raise _bad_line(name, number, "It is not JSON.") from None
        try:
            yield read(value)
        except ValueError as error:
            raise _bad_line(name, number, str(error)) from None


def _bad_line(name: str, number: int, hint: str) -> BadData:
    return BadData("malformed-json", f"Line {number} of {name} cannot be read.", hint, name)
