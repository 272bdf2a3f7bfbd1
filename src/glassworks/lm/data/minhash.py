"""Near duplicates by MinHash: how alike two texts are, told from a few numbers of each.

A text is the set of its runs of five words. The share that two sets have in common (Jaccard) is estimated by the share of equal
places in two signatures: place i holds the least hash of the set under hash function i. Signatures are cut into bands; two
texts that agree in a whole band are candidates, and only those are compared. With b bands of r rows a pair of similarity s
becomes a candidate with the chance 1 - (1 - s^r)^b.

Bands and signatures lie on disk, so there may be any number of documents.
Source: Broder, "On the resemblance and containment of documents" (1997); banding: Leskovec et al., "Mining of Massive
Datasets", chapter 3.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

NUM_HASHES = 128
NUM_WORDS = 5
CHUNK = 4096
CANDIDATES_PER_BAND = 100
NO_LIMIT = -1
_MIX = np.uint64(0x9E3779B97F4A7C15)
_RANDOM = np.random.Philox(key=1997).random_raw(2 * NUM_HASHES)
_FACTORS = _RANDOM[:NUM_HASHES] | np.uint64(1)
_SUMMANDS = _RANDOM[NUM_HASHES:]

Signature = NDArray[np.uint32]


def signature(text: str) -> Signature:
    """`NUM_HASHES` numbers; a text of fewer than five words is one run."""
    words = text.lower().split() or [""]
    hashes = np.array([crc32(word.encode()) for word in words], dtype=np.uint64)
    n = min(NUM_WORDS, len(hashes))
    runs = np.zeros(len(hashes) - n + 1, dtype=np.uint64)
    for at in range(n):
        runs = (runs ^ hashes[at : at + len(runs)]) * _MIX
        runs ^= runs >> np.uint64(29)
    least = np.full(NUM_HASHES, np.iinfo(np.uint64).max)
    for begin in range(0, len(runs), CHUNK):
        some = runs[begin : begin + CHUNK, None] * _FACTORS + _SUMMANDS
        least = np.minimum(least, some.min(axis=0))
    return (least >> np.uint64(32)).astype(np.uint32)


def similarity(one: Signature, other: Signature) -> float:
    """The estimated share of runs that two texts have in common, 0 to 1."""
    return float(np.mean(one == other))


def rows_for(threshold: float) -> int:
    """Rows of a band for a threshold: as many as still find nearly every pair above it."""
    for rows in (16, 8, 4, 2):
        num_bands = NUM_HASHES // rows
        if 1 - (1 - threshold**rows) ** num_bands >= 0.95:
            return rows
    return 1


@dataclass(frozen=True)
class Match:
    """An earlier document that is alike."""

    id: str
    similarity: float


class NearIndex:
    """Documents seen so far, on disk below `folder`."""

    def __init__(self, folder: Path, threshold: float) -> None:
        self._threshold = threshold
        self._rows = rows_for(threshold)
        self._db = sqlite3.connect(folder / "near.sqlite")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(
            "CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT, signature BLOB)"
        )
        self._db.execute(
            "CREATE TABLE bands (band INTEGER, key BLOB, number INTEGER, PRIMARY KEY (band, key, number))"
            " WITHOUT ROWID"
        )

    def find(self, found: Signature) -> Match | None:
        """The most alike of the earlier documents, if it is as alike as the threshold."""
        best: Match | None = None
        for match in self._compare(found, self._candidates(found, CANDIDATES_PER_BAND)):
            if best is None or match.similarity > best.similarity:
                best = match
        return best

    def matches(self, found: Signature) -> list[Match]:
        """All earlier documents that are as alike as the threshold, in the order in which they were added."""
        return list(self._compare(found, self._candidates(found, NO_LIMIT)))

    def add(self, id_: str, found: Signature) -> int:
        """Remember a document; returns its number here."""
        cursor = self._db.execute(
            "INSERT INTO documents (id, signature) VALUES (?, ?)", (id_, found.tobytes())
        )
        rows = [(band, key, cursor.lastrowid) for band, key in self._keys(found)]
        self._db.executemany("INSERT INTO bands VALUES (?, ?, ?)", rows)
        return int(cursor.lastrowid or 0)

    def remove(self, number: int) -> None:
        """Forget a document: it is no candidate any more."""
        row = self._db.execute(
            "DELETE FROM documents WHERE number = ? RETURNING signature", (number,)
        ).fetchone()
        keys = self._keys(np.frombuffer(row[0], dtype=np.uint32))
        self._db.executemany(
            "DELETE FROM bands WHERE band = ? AND key = ? AND number = ?",
            [(band, key, number) for band, key in keys],
        )

    def close(self) -> None:
        self._db.close()

    def _compare(self, found: Signature, numbers: set[int]) -> Iterator[Match]:
        for number in sorted(numbers):
            id_, data = self._db.execute(
                "SELECT id, signature FROM documents WHERE number = ?", (number,)
            ).fetchone()
            alike = similarity(found, np.frombuffer(data, dtype=np.uint32))
            if alike >= self._threshold:
                yield Match(id_, alike)

    def _candidates(self, found: Signature, limit: int) -> set[int]:
        numbers: set[int] = set()
        for band, key in self._keys(found):
            rows = self._db.execute(
                "SELECT number FROM bands WHERE band = ? AND key = ? LIMIT ?", (band, key, limit)
            )
            numbers.update(row[0] for row in rows)
        return numbers

    def _keys(self, found: Signature) -> list[tuple[int, bytes]]:
        data, size = found.tobytes(), 4 * self._rows
        return [(at // size, data[at : at + size]) for at in range(0, len(data), size)]
