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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassworks.lm.data.documents import Document
from glassworks.lm.data.held_out_index import HeldOutIndex, KeyTable
from glassworks.lm.data.minhash import Signature, signature

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


@dataclass(frozen=True)
class Measured:
    """What is compared of a document. `found`: its signature; None for one that is short."""

    id: str
    group: str
    hash: bytes
    found: Signature | None


def measure(document: Document, has_signature: bool = True) -> Measured:
    """The costly part of a comparison, which any process can do."""
    is_near = has_signature and _is_long(document.text)
    found = signature(document.text) if is_near else None
    return Measured(document.id, document.group, text_hash(document.text), found)


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
        self._hashes = KeyTable()
        self._near: dict[int, HeldOutIndex] = {}
        if threshold < EQUAL:
            for part in range(1, len(PARTS)):
                scratch = folder / PARTS[part]
                scratch.mkdir()
                self._near[part] = HeldOutIndex(scratch, threshold)

    @property
    def has_signatures(self) -> bool:
        """Whether near copies are looked for."""
        return bool(self._near)

    def expect(self, measured: Measured, part: str) -> None:
        """Remember a document of a held-out part."""
        at, number = PARTS.index(part), None
        if at in self._near and measured.found is not None:
            number = self._near[at].add(measured.id, measured.found)
        self._hashes.add(_keys([measured]))
        self._db.execute(
            "INSERT OR IGNORE INTO held_out (id, part, hash, number) VALUES (?, ?, ?, ?)",
            (measured.id, at, measured.hash, number),
        )

    def look(self, some: Sequence[Measured], part: str) -> None:
        """Find the copies of documents among the parts that come after their own."""
        at = PARTS.index(part)
        may_be_equal = self._hashes.may_have(_keys(some)) if some else ()
        may_be_near = self._may_be_near(some, at)
        for place, measured in enumerate(some):
            if may_be_equal[place]:
                self._look_for_equal(measured, at)
            for part_of_near in may_be_near.get(place, ()):
                assert measured.found is not None
                for match in self._near[part_of_near].matches(measured.found):
                    self._note(match.id, measured.id, at, match.similarity, is_equal=False)

    def _look_for_equal(self, measured: Measured, at: int) -> None:
        equal = self._db.execute(
            "SELECT id FROM held_out WHERE hash = ? AND part > ? AND twin IS NULL",
            (measured.hash, at),
        ).fetchall()
        for (id_,) in equal:
            self._note(id_, measured.id, at, EQUAL, is_equal=True)

    def _may_be_near(self, some: Sequence[Measured], at: int) -> dict[int, list[int]]:
        """Place among `some` -> the later parts that may hold something like it."""
        found: dict[int, list[int]] = {}
        long = {place: one.found for place, one in enumerate(some) if one.found is not None}
        if not long:
            return found
        places, signatures = list(long), np.stack(list(long.values()))
        for part, near in self._near.items():
            if part > at:
                for row in np.flatnonzero(near.may_match(signatures)):
                    found.setdefault(places[row], []).append(part)
        return found

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


def _keys(some: Sequence[Measured]) -> NDArray[np.uint64]:
    return np.frombuffer(b"".join(one.hash[:8] for one in some), dtype="<u8").astype(np.uint64)


def text_hash(text: str) -> bytes:
    """16 bytes that are equal for texts that differ in case, width of letters or blanks only."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(plain.encode()).digest()[:16]


def _is_long(text: str) -> bool:
    return len(text.split(maxsplit=MIN_WORDS)) >= MIN_WORDS
