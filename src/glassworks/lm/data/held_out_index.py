"""Documents that are held out, so that each document that is learned from can be compared with all that are like it.

In: signatures (`minhash.py`) with ids. Out: those of the remembered documents that are as alike as the threshold, for many at once.
Unusual: unlike `NearIndex` nothing is left out where many share a band. Instead a document is told once, with the first that is like
it, and then forgotten, so that thousands of copies cost no more than one.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassworks.lm.data.minhash import (
    Signature,
    SignatureFile,
    band_keys,
    rows_for,
    unique_pairs,
)
from glassworks.lm.data.sorted_runs import Keys, Numbers, SortedRuns

TABLE_BITS = 28
MOST_AT_ONCE = 256
"""Documents that are looked up together; fewer where they have more candidates than this, which are held in memory:"""
MOST_CANDIDATES = 1 << 20
NO_LIMIT = 1 << 40


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
    """What is held out, on disk below `folder`. Each document has a number, from 0 on."""

    def __init__(self, folder: Path, threshold: float) -> None:
        self._threshold = threshold
        self._rows = rows_for(threshold)
        self._known = KeyTable()
        self._bands = SortedRuns(folder)
        self._signatures = SignatureFile(folder / "signatures.bin")
        self._ids = sqlite3.connect(folder / "ids.sqlite")
        self._ids.execute("PRAGMA synchronous = OFF")
        self._ids.execute("CREATE TABLE ids (number INTEGER PRIMARY KEY, id TEXT)")
        self._is_gone = bytearray()

    def add(self, ids: Sequence[str], signatures: Signature) -> range:
        """Remember documents, a row of `signatures` each; returns their numbers."""
        first = len(self._is_gone)
        self._is_gone.extend(bytes(len(ids)))
        numbers = range(first, first + len(ids))
        keys = band_keys(signatures, self._rows)
        self._known.add(keys.ravel())
        self._bands.add(keys.ravel(), np.repeat(np.array(numbers, np.int64), keys.shape[1]))
        self._signatures.add(signatures)
        self._ids.executemany("INSERT INTO ids VALUES (?, ?)", zip(numbers, ids, strict=True))
        return numbers

    def matches(self, signatures: Signature) -> Iterator[tuple[int, int, float]]:
        """(row, number, similarity) of each document that is as alike as the threshold, with the first row of `signatures` that is.

        In order of the rows, then of the numbers. What was told is forgotten.
        """
        keys = band_keys(signatures, self._rows)
        (rows,) = np.nonzero(self._known.may_have(keys).any(axis=1))
        at_once = 1
        while len(rows):
            some, rows = rows[:at_once], rows[at_once:]
            places, numbers = self._candidates(keys[some])
            is_crowded = len(places) > MOST_CANDIDATES
            at_once = max(1, at_once // 2) if is_crowded else min(MOST_AT_ONCE, 2 * at_once)
            for row, number, alike in self._signatures.alike(
                signatures, some[places], numbers, self._threshold
            ):
                if not self._is_gone[number]:
                    self.remove(number)
                    yield row, number, alike

    def _candidates(self, keys: Keys) -> tuple[Numbers, Numbers]:
        """(place in `keys`, number) of the pairs that have a band in common, none twice."""
        asked, numbers = self._bands.find(keys.ravel(), NO_LIMIT)
        stays = np.frombuffer(self._is_gone, np.uint8)[numbers] == 0
        return unique_pairs(asked[stays] // keys.shape[1], numbers[stays])

    def id(self, number: int) -> str:
        row = self._ids.execute("SELECT id FROM ids WHERE number = ?", (number,)).fetchone()
        return str(row[0])

    def remove(self, number: int) -> None:
        """Forget a document: it is no candidate any more."""
        self._is_gone[number] = True

    def close(self) -> None:
        self._signatures.close()
        self._ids.close()
