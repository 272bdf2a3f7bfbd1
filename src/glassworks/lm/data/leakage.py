"""Leakage between the parts of a split: a held-out document of which training holds a copy measures memory, not skill.

In: the documents that are held out (`expect`), then those of the parts that are learned or chosen by (`look`). Out: which
held-out documents are copies of which others (`leaks`). A copy is equal but for case, width of letters and blanks, or is as
alike as the threshold by MinHash (`lm/data/minhash.py`).

Unusual: a part is protected from those before it: validation from train, test from both. Only the held-out documents are
remembered, on disk, so there may be any number of either. Texts of fewer than `MIN_WORDS` words count as copies only when they are
equal: of a few words most runs are in common by chance.
"""

import hashlib
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from glassworks.lm.data.documents import Document
from glassworks.lm.data.held_out_index import HeldOutIndex
from glassworks.lm.data.minhash import signature

PARTS = ("train", "validation", "test")
"""In the order in which a copy is looked for: each part is compared with those before it."""
MIN_WORDS = 20
EQUAL = 1.0


@dataclass(frozen=True)
class Leak:
    """The held-out document `id` of `part` is a copy of `twin` in `twin_part`; `similarity` is 1 where they are equal."""

    id: str
    part: str
    twin: str
    twin_part: str
    similarity: float
    is_equal: bool


class LeakCheck:
    """What is held out, on disk below `folder`. `threshold`: 1 looks for equal texts only."""

    def __init__(self, folder: Path, threshold: float) -> None:
        self._db = sqlite3.connect(folder / "held-out.sqlite")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(
            "CREATE TABLE held_out (id TEXT PRIMARY KEY, part INTEGER, hash BLOB, number INTEGER,"
            " twin TEXT, twin_part INTEGER, similarity REAL, is_equal INTEGER)"
        )
        self._db.execute("CREATE INDEX by_hash ON held_out (hash)")
        self._near: dict[int, HeldOutIndex] = {}
        if threshold < EQUAL:
            for part in range(1, len(PARTS)):
                scratch = folder / PARTS[part]
                scratch.mkdir()
                self._near[part] = HeldOutIndex(scratch, threshold)

    def expect(self, document: Document, part: str) -> None:
        """Remember a document of a held-out part."""
        at, number = PARTS.index(part), None
        if at in self._near and _is_long(document.text):
            number = self._near[at].add(document.id, signature(document.text))
        self._db.execute(
            "INSERT OR IGNORE INTO held_out (id, part, hash, number) VALUES (?, ?, ?, ?)",
            (document.id, at, text_hash(document.text), number),
        )

    def look(self, document: Document, part: str) -> None:
        """Find the copies of a document among the parts that come after its own."""
        at = PARTS.index(part)
        equal = self._db.execute(
            "SELECT id FROM held_out WHERE hash = ? AND part > ? AND twin IS NULL",
            (text_hash(document.text), at),
        ).fetchall()
        for (id_,) in equal:
            self._note(id_, document.id, at, EQUAL, is_equal=True)
        if not self._near or not _is_long(document.text):
            return
        found = signature(document.text)
        for near in [index for its_part, index in self._near.items() if its_part > at]:
            for match in near.matches(found):
                self._note(match.id, document.id, at, match.similarity, is_equal=False)

    def find(self, id_: str) -> Leak | None:
        """The leak of a held-out document, if it is one."""
        return next(self._leaks("AND id = ?", id_), None)

    def leaks(self) -> Iterator[Leak]:
        """All of them, in the order in which they were expected."""
        return self._leaks("ORDER BY rowid")

    def counts(self) -> dict[str, dict[str, int]]:
        """Part -> `{equal, near}`, for the parts that have a leak."""
        rows = self._db.execute(
            "SELECT part, SUM(is_equal), COUNT(*) FROM held_out WHERE twin IS NOT NULL GROUP BY part"
        )
        return {PARTS[part]: {"equal": equal, "near": all_ - equal} for part, equal, all_ in rows}

    def close(self) -> None:
        self._db.close()
        for near in self._near.values():
            near.close()

    def _note(self, id_: str, twin: str, twin_part: int, similarity: float, is_equal: bool) -> None:
        """Keep the first copy; the document leaves the index, so that thousands of copies cost no more than one."""
        part, number = self._db.execute(
            "SELECT part, number FROM held_out WHERE id = ?", (id_,)
        ).fetchone()
        self._db.execute(
            "UPDATE held_out SET twin = ?, twin_part = ?, similarity = ?, is_equal = ? WHERE id = ?",
            (twin, twin_part, round(similarity, 2), is_equal, id_),
        )
        if number is not None:
            self._near[part].remove(number)

    def _leaks(self, which: str, *values: str) -> Iterator[Leak]:
        rows = self._db.execute(
            "SELECT id, part, twin, twin_part, similarity, is_equal FROM held_out"
            f" WHERE twin IS NOT NULL {which}",
            values,
        )
        for id_, part, twin, twin_part, similarity, is_equal in rows:
            yield Leak(id_, PARTS[part], twin, PARTS[twin_part], similarity, bool(is_equal))


def text_hash(text: str) -> bytes:
    """16 bytes that are equal for texts that differ in case, width of letters or blanks only."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(plain.encode()).digest()[:16]


def _is_long(text: str) -> bool:
    return len(text.split(maxsplit=MIN_WORDS)) >= MIN_WORDS
