"""A first look at files before anybody imports them: what kind each is, what is in it, how it would be read, what is wrong.

In: a path and settings of the source `files`. Out: one `FileLook` a file, made from its beginning: of rows the first ones, of
a PDF all pages (a page without text is what people need to know), of an archive the first members. Nothing is kept.
"""

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from glassworks.common.errors import BadData
from glassworks.lm.data.documents import Document
from glassworks.lm.data.sources.files import chosen, documents_of, named
from glassworks.lm.text.archives import is_archive
from glassworks.lm.text.formats import FORMATS, format_of
from glassworks.lm.text.mapping import LOOKED_AT, ColumnMapping, guess_mapping
from glassworks.specs.base import Spec

MAX_DOCUMENTS = 1000
"""Documents of one file that are counted; more are estimated by its size."""
MAX_SECONDS = 2.0
"""Time for one file; what was counted until then is what is told."""
MAX_SECONDS_A_CALL = 1.0
"""A look at many files ends with the file that is over this; whoever asks goes on with the next."""
SHOWN_CHARACTERS = 600
SHOWN_ROWS = 3


class Problem(Spec):
    """Why a file cannot be read, and what to do."""

    code: str
    message: str
    hint: str


class FileLook(Spec):
    """What is in one file, or why it cannot be read. Sizes in bytes."""

    name: str
    size_bytes: int
    format: str = ""
    title: str = ""
    num_documents: int = 0
    is_whole: bool = True
    """Whether all of it was counted; if not, `num_documents` is what was counted so far."""
    estimated_documents: int = 0
    num_characters: int = 0
    text: str = ""
    mapping: ColumnMapping | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[dict[str, str], ...] = ()
    problem: Problem | None = None


def inspect(config: Any, offset: int, limit: int) -> tuple[int, list[FileLook]]:
    """How many files there are, and a look at some of them from `offset`: at most `limit`, at least one.

    Long files make it fewer, so that a page can show what is known. Raises NotFound, Forbidden, BadData (an empty folder).
    """
    root = Path(config.path)
    files = chosen(root, config)
    begun, looks = time.monotonic(), []
    for file in files[offset : offset + limit]:
        looks.append(_look(file, _name(file, root), config))
        if time.monotonic() - begun > MAX_SECONDS_A_CALL:
            break
    return len(files), looks


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file != root else file.name


def _look(file: Path, name: str, config: Any) -> FileLook:
    look: dict[str, Any] = {"name": name, "size_bytes": file.stat().st_size}
    try:
        look |= _kind(file, name, config)
        look |= _counts(documents_of(file, name, config, is_alone=False), look["size_bytes"])
    except BadData as error:
        told = named(error, file, name)
        look["problem"] = Problem(code=told.code, message=told.message, hint=told.hint)
    return FileLook(**look)


def _kind(file: Path, name: str, config: Any) -> dict[str, Any]:
    if is_archive(file):
        return {"format": "archive", "title": "archive"}
    id_ = format_of(file, name)
    format_ = FORMATS.load(id_)
    kind: dict[str, Any] = {"format": id_, "title": format_.title}
    if format_.is_rows:
        rows = list(islice(format_.rows(file), LOOKED_AT))
        kind["columns"] = tuple(dict.fromkeys(column for row in rows for column in row))
        kind["rows"] = tuple(
            {column: str(value)[:SHOWN_CHARACTERS] for column, value in row.items()}
            for row in rows[:SHOWN_ROWS]
        )
        wished = config.mappings.get(name, config.mapping)
        kind["mapping"] = guess_mapping(rows) if wished.layout == "auto" and rows else wished
    return kind


def _counts(documents: Iterator[Document], size_bytes: int) -> dict[str, Any]:
    begun = time.monotonic()
    num, num_bytes, num_characters, text, is_whole = 0, 0, 0, "", True
    for document in documents:
        num += 1
        num_bytes += document.num_bytes
        num_characters += len(document.text)
        text = text or document.text[:SHOWN_CHARACTERS]
        if num >= MAX_DOCUMENTS or time.monotonic() - begun > MAX_SECONDS:
            is_whole = next(documents, None) is None
            break
    estimated = num if is_whole or not num_bytes else max(num, round(num * size_bytes / num_bytes))
    return {
        "num_documents": num,
        "is_whole": is_whole,
        "estimated_documents": estimated,
        "num_characters": num_characters,
        "text": text,
    }
