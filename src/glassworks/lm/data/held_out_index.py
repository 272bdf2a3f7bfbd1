"""Documents that are held out, so that each document that is learned from can be compared with all that are like it.

In: signatures (`minhash.py`) with ids. Out: those of the remembered documents that are as alike as the threshold. Unusual: unlike
`NearIndex` nothing is left out where many share a band, and a document can be forgotten; a held-out part is small.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassworks.lm.data.minhash import Match, Signature, band_keys, rows_for, similarity

TABLE_BITS = 28


class KeyTable:
    """Which keys may have been put in, in 32 MB: never a no for one that was.

    A key sets two bits; one that finds both set may be there. Source: Bloom, "Space/Time Trade-offs" (1970).
    """

    def __init__(self) -> None:
        self._table = np.zeros(1 << (TABLE_BITS - 3), dtype=np.uint8)

    def add(self, keys: NDArray[np.uint64]) -> None:
        for places, bits in _places(keys):
            np.bitwise_or.at(self._table, places, bits)

    def may_have(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """For each key, in the shape of `keys`."""
        one, other = ((self._table[places] & bits) != 0 for places, bits in _places(keys))
        return np.asarray(one & other)


def _places(keys: NDArray[np.uint64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint8]]]:
    """The two cells of each key, from its upper and its lower bits: byte and bit."""
    upper = keys >> np.uint64(64 - TABLE_BITS)
    lower = keys & np.uint64((1 << TABLE_BITS) - 1)
    for cells in (upper, lower):
        bits = np.left_shift(np.uint8(1), (cells & np.uint64(7)).astype(np.uint8))
        yield (cells >> np.uint64(3)).astype(np.int64), bits


class HeldOutIndex:
    """What is held out, on disk below `folder`."""

    def __init__(self, folder: Path, threshold: float) -> None:
        self._threshold = threshold
        self._rows = rows_for(threshold)
        self._known = KeyTable()
        self._next = 1
        self._db = sqlite3.connect(folder / "near.sqlite")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(
            "CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT, signature BLOB)"
        )
        self._db.execute(
            "CREATE TABLE bands (band INTEGER, key BLOB, number INTEGER, PRIMARY KEY (band, key, number))"
            " WITHOUT ROWID"
        )

    def may_match(self, signatures: Signature) -> NDArray[np.bool_]:
        """Of many documents at once, a row each, those that `matches` has to be asked about."""
        return np.asarray(self._known.may_have(band_keys(signatures, self._rows)).any(axis=1))

    def matches(self, found: Signature) -> list[Match]:
        """All earlier documents that are as alike as the threshold, in the order in which they were added."""
        return list(self._compare(found, self._candidates(found)))

    def add(self, ids: Sequence[str], signatures: Signature) -> range:
        """Remember documents, a row of `signatures` each; returns their numbers here."""
        numbers = range(self._next, self._next + len(ids))
        self._next = numbers.stop
        self._known.add(band_keys(signatures, self._rows).ravel())
        found = list(zip(numbers, signatures, strict=True))
        self._db.executemany(
            "INSERT INTO documents VALUES (?, ?, ?)",
            [(number, id_, one.tobytes()) for id_, (number, one) in zip(ids, found, strict=True)],
        )
        bands = [(band, key, number) for number, one in found for band, key in self._keys(one)]
        self._db.executemany("INSERT INTO bands VALUES (?, ?, ?)", sorted(bands))
        return numbers

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

    def _candidates(self, found: Signature) -> set[int]:
        numbers: set[int] = set()
        for band, key in self._keys(found):
            rows = self._db.execute(
                "SELECT number FROM bands WHERE band = ? AND key = ?", (band, key)
            )
            numbers.update(row[0] for row in rows)
        return numbers

    def _keys(self, found: Signature) -> list[tuple[int, bytes]]:
        data, size = found.tobytes(), 4 * self._rows
        return [(at // size, data[at : at + size]) for at in range(0, len(data), size)]
