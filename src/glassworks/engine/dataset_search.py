"""Searching a dataset: which documents hold some words, by the index that its description holds (`search.sqlite`).

In: words as a person writes them. Out: how many documents hold them all, and some of these, the best first, each with the piece of
its text that shows why. Words in quotes follow each other; `king*` is the beginning of a word. Unusual: whatever is written is
looked for, never understood as a query: operators and signs of the index's own language are words or nothing.
"""

import contextlib
import re
import sqlite3
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from glassworks.common.errors import BadData, LimitReached, NotFound, Unavailable
from glassworks.engine.datasets import description_of
from glassworks.engine.lineage import read_lineage
from glassworks.engine.references import Resolved
from glassworks.engine.tools_client import ToolsClient
from glassworks.specs.description import SEARCH_FILE, STATISTICS_FILE, DescriptionSpec, apart
from glassworks.storage.store import Store

MAX_TERMS = 32
MAX_RANKED = 50_000
MAX_SECONDS = 20.0
STEPS_OF_SQLITE = 10_000
"""Between two looks at the clock."""
PARTS = re.compile(r'"([^"]*)"?(\*?)|([^\s"]+)')
MATCHING = "FROM documents_fts WHERE documents_fts MATCH ?"


@dataclass(frozen=True)
class Term:
    """What has to stand in a text: words that follow each other, the last one perhaps only begun."""

    text: str
    is_prefix: bool = False


def terms_of(query: str) -> tuple[Term, ...]:
    """What a person's words ask for; without what holds neither letter nor digit."""
    found = []
    query = query.encode(
        "utf-8", "replace"
    ).decode()  # a command line may hold bytes that are no text
    for quoted, star, word in PARTS.findall(query):
        text = quoted or word.rstrip("*")
        if any(_is_of_word(c) for c in text):
            is_prefix = (bool(star) or word.endswith("*")) and len(text) >= _shortest(text)
            found.append(Term(text, is_prefix))
    return tuple(dict.fromkeys(found))[:MAX_TERMS]


def search_dataset(
    store: Store, tools: ToolsClient, found: Resolved, query: str, limit: int, offset: int = 0
) -> dict[str, Any]:
    """`{artifact, num_documents, total, matches}`: documents that hold all words; a helper cuts the pieces.

    Raises NotFound (`not-described`), BadData, LimitReached.
    """
    folder = store.artifacts.path(found.artifact)
    terms = terms_of(query)
    index = described(store, found) / SEARCH_FILE
    num_documents, total, ordinals = look_up(index, terms, limit, offset)
    matches: list[dict[str, Any]] = []
    if ordinals:
        asked = [{"text": term.text, "is_prefix": term.is_prefix} for term in terms]
        args = {"folder": str(folder), "ordinals": ordinals, "terms": asked}
        shown = {m["ordinal"]: m for m in tools.call("show_matches", args)["matches"]}
        matches = [shown[ordinal] for ordinal in ordinals if ordinal in shown]
    return {
        "artifact": found.artifact,
        "num_documents": num_documents,
        "total": total,
        "matches": matches,
    }


def look_up(
    index: Path, terms: tuple[Term, ...], limit: int, offset: int
) -> tuple[int, int, list[int]]:
    """(documents in all, documents that hold every term, the places of some of these). Raises BadData, LimitReached.

    The best ones come first, or, where very many hold the terms and a rank says little, those that come first in the dataset.
    """
    with _opened(index) as db:
        (num_documents,) = db.execute("SELECT count(*) FROM documents").fetchone()
        if not terms:
            return num_documents, 0, []
        asked = " ".join(map(_asked, terms))
        (total,) = db.execute(f"SELECT count(*) {MATCHING}", (asked,)).fetchone()
        order = "rank, rowid" if total <= MAX_RANKED else "rowid"
        rows = db.execute(
            f"SELECT rowid {MATCHING} ORDER BY {order} LIMIT ? OFFSET ?", (asked, limit, offset)
        )
        return num_documents, total, [rowid - 1 for (rowid,) in rows]


def read_statistics(store: Store, found: Resolved) -> DescriptionSpec:
    """What `describe_dataset` counted in a dataset. Raises NotFound (`not-described`), BadData."""
    return _read(described(store, found) / STATISTICS_FILE)


def read_description(store: Store, description: str) -> DescriptionSpec:
    """The figures of a description. Raises NotFound, BadData."""
    return _read(store.artifacts.path(description) / STATISTICS_FILE)


def described(store: Store, found: Resolved) -> Path:
    """The folder of its description. Raises NotFound."""
    description = description_of(store, read_lineage(store), found.artifact)
    if description is None:
        raise NotFound(
            "not-described",
            f"{found.label} has not been counted and indexed yet.",
            f"`glassworks dataset stats {found.label.rpartition('/')[2]}` does that; so does `POST /api/datasets/<ref>/describe`.",
            found.label,
        )
    return store.artifacts.path(description)


def _read(file: Path) -> DescriptionSpec:
    try:
        return DescriptionSpec.model_validate_json(file.read_bytes())
    except (OSError, ValueError) as error:
        raise _damaged(file) from error


@contextlib.contextmanager
def _opened(index: Path) -> Iterator[sqlite3.Connection]:
    """The index, which nobody can change."""
    try:
        address = f"file:{quote(str(index))}?mode=ro&immutable=1"
        deadline = time.monotonic() + MAX_SECONDS
        with contextlib.closing(sqlite3.connect(address, uri=True)) as db:
            db.set_progress_handler(lambda: time.monotonic() > deadline, STEPS_OF_SQLITE)
            yield db
    except sqlite3.Error as error:
        if str(error) == "interrupted":
            raise LimitReached(
                "search-too-wide",
                f"The search took longer than {MAX_SECONDS:g} s and was ended.",
                "Search for rarer words, or for longer beginnings of words.",
                "q",
            ) from error
        if "no such module" in str(error):
            raise Unavailable(
                "no-full-text-search",
                f"This Python's SQLite {sqlite3.sqlite_version} has no full-text search: {error}.",
                "Use a Python whose SQLite has FTS5; those of python.org, Debian and conda do.",
            ) from error
        raise _damaged(index) from error


def _asked(term: Term) -> str:
    """The term as a string of FTS5, in which nothing but the quote has a meaning."""
    text = apart(term.text.replace('"', " ").replace("\0", " "))
    return f'"{text}"*' if term.is_prefix else f'"{text}"'


def _shortest(text: str) -> int:
    """The beginning of a word has two letters at least: with one of ours, everything is found. Of other scripts one says much."""
    return 2 if text.isascii() else 1


def _is_of_word(character: str) -> bool:
    """Whether the index takes it for a part of a word: letters, digits, private use."""
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "Co"


def _damaged(file: Path) -> BadData:
    return BadData(
        "artifact-damaged",
        f"The file {file.name} of a description cannot be read.",
        "Run `glassworks doctor --store`, which explains what is damaged.",
        str(file),
    )
