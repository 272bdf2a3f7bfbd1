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
from glassworks.lm.data.minhash import NUM_HASHES, Signature, signature

PARTS = ("train", "validation", "test")
"""In the order in which a copy is looked for: each part is compared with those before it."""
MIN_WORDS = 20
EQUAL = 1.0
HASH_BYTES = 16


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
    """What is compared of N documents, as columns, which go through a pipe at little cost.

    hashes: (N, 16) bytes, one row a text. places: (L,) those of the N that are long; signatures: (L, NUM_HASHES), theirs.
    """

    ids: list[str]
    hashes: NDArray[np.uint8]
    places: NDArray[np.int64]
    signatures: Signature

    def __len__(self) -> int:
        return len(self.ids)


def measure(documents: Sequence[Document], has_signatures: bool = True) -> Measured:
    """The costly part of a comparison, which any process can do."""
    hashes = b"".join(text_hash(document.text) for document in documents)
    long = [at for at, one in enumerate(documents) if has_signatures and _is_long(one.text)]
    found = [signature(documents[at].text) for at in long]
    return Measured(
        ids=[document.id for document in documents],
        hashes=np.frombuffer(hashes, np.uint8).reshape(-1, HASH_BYTES),
        places=np.array(long, np.int64),
        signatures=np.array(found, np.uint32).reshape(-1, NUM_HASHES),
    )


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

    def expect(self, some: Measured, part: str) -> None:
        """Remember documents of a held-out part."""
        at = PARTS.index(part)
        numbers: list[int | None] = [None] * len(some)
        if at in self._near:
            ids = [some.ids[place] for place in some.places]
            for place, number in zip(
                some.places, self._near[at].add(ids, some.signatures), strict=True
            ):
                numbers[place] = number
        self._hashes.add(_keys(some))
        rows = zip(some.ids, map(bytes, some.hashes), numbers, strict=True)
        self._db.executemany(
            "INSERT OR IGNORE INTO held_out (id, part, hash, number) VALUES (?, ?, ?, ?)",
            [(id_, at, hash_, number) for id_, hash_, number in rows],
        )

    def look(self, some: Measured, part: str) -> None:
        """Find the copies of documents among the parts that come after their own."""
        at = PARTS.index(part)
        near = self._near_copies(some, at)
        may_be_equal = np.flatnonzero(self._hashes.may_have(_keys(some)))
        for place in sorted({*may_be_equal.tolist(), *near}):
            self._look_for_equal(some.ids[place], bytes(some.hashes[place]), at)
            for part_of_copy, number, alike in near.get(place, ()):
                copy = self._near[part_of_copy].id(number)
                self._note(copy, some.ids[place], at, alike, is_equal=False)

    def _look_for_equal(self, id_: str, hash_: bytes, at: int) -> None:
        equal = self._db.execute(
            "SELECT id FROM held_out WHERE hash = ? AND part > ? AND twin IS NULL", (hash_, at)
        ).fetchall()
        for (copy,) in equal:
            self._note(copy, id_, at, EQUAL, is_equal=True)

    def _near_copies(self, some: Measured, at: int) -> dict[int, list[tuple[int, int, float]]]:
        """Place among `some` -> (part, number, similarity) of what is like it in the later parts."""
        found: dict[int, list[tuple[int, int, float]]] = {}
        for part, index in self._near.items():
            if part > at:
                for row, number, alike in index.matches(some.signatures):
                    found.setdefault(int(some.places[row]), []).append((part, number, alike))
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
        for index in self._near.values():
            index.close()

    def _note(self, id_: str, twin: str, twin_part: int, similarity: float, is_equal: bool) -> None:
        """Keep the first copy; the document leaves the index, so that thousands of copies cost no more than one."""
        part, number = self._db.execute(
            "SELECT part, number FROM held_out WHERE id = ?", (id_,)
        ).fetchone()
        self._db.execute(
            "UPDATE held_out SET twin = ?, twin_part = ?, similarity = ?, is_equal = ?"
            " WHERE id = ? AND twin IS NULL",
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


def _keys(some: Measured) -> NDArray[np.uint64]:
    return np.ascontiguousarray(some.hashes[:, :8]).view("<u8").ravel().astype(np.uint64)


def text_hash(text: str) -> bytes:
    """16 bytes that are equal for texts that differ in case, width of letters or blanks only."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(plain.encode()).digest()[:HASH_BYTES]


def _is_long(text: str) -> bool:
    return len(text.split(maxsplit=MIN_WORDS)) >= MIN_WORDS
