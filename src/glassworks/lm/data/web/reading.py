"""Fetched files as documents: each is brought into a folder of ours, read by its format, and gone before the next one comes.

In: what to fetch, one `Wanted` after another, and how to read it. Out: documents whose `meta` says where they came from. The
name of a file decides its format where its first bytes do not; a text that was sent in another encoding than UTF-8 is turned
into it, for the hash of the file is taken before.
"""

import codecs
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field

from glassworks.common.errors import BadData, GlassworksError
from glassworks.lm.data.documents import Document
from glassworks.lm.data.reading_settings import ReadingSettings
from glassworks.lm.data.sources.base import LeftOut
from glassworks.lm.data.sources.files import documents_of, named
from glassworks.lm.text.formats import endings

TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/x-jsonlines": ".jsonl",
    "text/plain": ".txt",
}
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz")
SUFFIX_CHARACTERS = 10
HEAD_BYTES = 2048
META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


class HowRead(ReadingSettings):
    """How what is fetched is read: as the source `files` reads it."""

    endings: tuple[str, ...] = Field(
        default=(), description="Of an archive only files whose names end so; empty: all."
    )
    max_bytes: int = Field(
        default=10 << 30,
        ge=1,
        description="Most that is fetched in all, and most that an archive may become.",
    )
    max_seconds: int = Field(
        default=3600, ge=1, description="Longest that fetching may take, in seconds."
    )


@dataclass(frozen=True)
class Fetched:
    """What one fetch brought: what its documents say of where they come from, and what the server said of its kind."""

    meta: dict[str, Any]
    content_type: str = ""


@dataclass(frozen=True)
class Wanted:
    """A file to fetch: its name for people, and a function that brings it into a file."""

    name: str
    fetch: Callable[[Path], Fetched]


@contextmanager
def told_at(field: str) -> Iterator[None]:
    """While a run is planned an error names the setting that it is about."""
    try:
        yield
    except GlassworksError as error:
        error.where = field
        raise


def fetched_documents(
    wanted: Iterable[Wanted], num_wanted: int, config: Any, left_out: list[LeftOut]
) -> Iterator[Document]:
    """The documents of all files, in order. Raises BadData for a file that cannot be read, or when nothing could."""
    num_documents = 0
    with tempfile.TemporaryDirectory(prefix="glassworks-fetched-") as folder:
        for one in wanted:
            try:
                for document in _documents(one, Path(folder), config, num_wanted == 1):
                    num_documents += 1
                    yield document
            except BadData as error:
                if config.on_bad == "refuse" or error.code == "wrong-hash":
                    raise
                left_out.append(LeftOut(one.name, error.code, error.message))
    if num_documents == 0:
        raise BadData(
            "no-documents",
            "Nothing of what was fetched could be read as text.",
            left_out[0].message if left_out else "Choose other files.",
            "source",
        )


def _documents(one: Wanted, folder: Path, config: Any, is_alone: bool) -> Iterator[Document]:
    coming = folder / "coming"
    fetched = one.fetch(coming)
    suffix = suffix_of(one.name, fetched.content_type)
    file = coming.rename(folder / f"file{suffix}")
    try:
        _make_utf8(file, fetched.content_type)
        name = one.name if one.name.lower().endswith(suffix) else one.name + suffix
        for document in documents_of(file, name, config, is_alone):
            yield replace(document, meta={**fetched.meta, **document.meta})
    except BadData as error:
        raise named(error, file, one.name) from error
    finally:
        file.unlink(missing_ok=True)


def suffix_of(name: str, content_type: str) -> str:
    """The ending by which a file is read: that of its name if it is a known one, else that of its type."""
    ending = Path(name.rpartition("/")[2].partition("?")[0]).suffix.lower()
    if ending in endings() or ending in ARCHIVES:
        return ending
    found = TYPES.get(content_type.partition(";")[0].strip().lower(), ending)
    return found if len(found) <= SUFFIX_CHARACTERS and found[1:].isalnum() else ""


def _charset(file: Path, content_type: str) -> str:
    """The encoding of a text, as the server says, or the head of a page; empty for what is no text or says nothing."""
    kind, _, rest = content_type.partition(";")
    if not kind.strip().startswith("text/"):
        return ""
    if not (said := rest.partition("charset=")[2]) and kind.strip() == "text/html":
        with file.open("rb") as page:
            found = META_CHARSET.search(page.read(HEAD_BYTES))
        said = found[1].decode() if found else ""
    return said.partition(";")[0].strip().strip("\"'")


def _make_utf8(file: Path, content_type: str) -> None:
    """Turn a text into UTF-8 if it is said to be something else. Raises BadData."""
    charset = _charset(file, content_type.lower())
    if not charset:
        return
    try:
        name = codecs.lookup(charset).name
        if name in ("utf-8", "ascii"):
            return
        turned = file.with_name("turned")
        with file.open(encoding=name, newline="") as old, turned.open("w", encoding="utf-8") as new:
            while piece := old.read(1 << 20):
                new.write(piece)
        turned.replace(file)
    except (LookupError, ValueError) as error:
        raise BadData(
            "wrong-encoding",
            f"{file.name} is not what it is said to be, {charset[:40]!r}: {str(error)[:200]}",
            "Fetch it yourself, save it as UTF-8 and use the source files.",
            str(file),
        ) from error
