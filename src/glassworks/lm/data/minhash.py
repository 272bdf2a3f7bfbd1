"""Near duplicates by MinHash: how alike two texts are, told from a few numbers of each.

A text is the set of its runs of five words. The share that two sets have in common (Jaccard) is estimated by the share of equal
places in two signatures: place i holds the least hash of the set under hash function i. Signatures are cut into bands; two
texts that agree in a whole band are candidates, and only those are compared. With b bands of r rows a pair of similarity s
becomes a candidate with the chance 1 - (1 - s^r)^b.

A signature is made of one text alone; which earlier document is alike is asked for many documents at once. Bands and
signatures lie on disk, so there may be any number of documents.
Source: Broder, "On the resemblance and containment of documents" (1997); banding: Leskovec et al., "Mining of Massive
Datasets", chapter 3.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from glassworks.lm.data.sorted_runs import Keys, Numbers, SortedRuns, found_in

NUM_HASHES = 128
NUM_WORDS = 5
CHUNK = 512
AT_ONCE = 1024
"""Documents that are looked up together."""
NUMBER_BITS = 48
MOST = 100
"""Earlier documents that are looked at for one band. More share it only where it says nothing."""
PAIRS_AT_ONCE = 1 << 16
LEAST_CHANCE = 0.95
MOST_ROWS = 16
_MIX = np.uint64(0x9E3779B97F4A7C15)
_RANDOM = np.random.Philox(key=1997).random_raw(2 * NUM_HASHES)
_FACTORS = _RANDOM[:NUM_HASHES] | np.uint64(1)
_SUMMANDS = _RANDOM[NUM_HASHES:]

Signature = NDArray[np.uint32]


def signature(text: str) -> Signature:
    """`NUM_HASHES` numbers; a text of fewer than five words is one run."""
    words = " ".join(text.lower().split()).encode().split(b" ")
    hashes = np.fromiter(map(crc32, words), dtype=np.uint64, count=len(words))
    n = min(NUM_WORDS, len(hashes))
    runs = np.zeros(len(hashes) - n + 1, dtype=np.uint64)
    for at in range(n):
        runs = (runs ^ hashes[at : at + len(runs)]) * _MIX
        runs ^= runs >> np.uint64(29)
    least = np.full(NUM_HASHES, np.iinfo(np.uint64).max)
    for begin in range(0, len(runs), CHUNK):
        some = runs[begin : begin + CHUNK, None] * _FACTORS
        some += _SUMMANDS
        np.minimum(least, some.min(axis=0), out=least)
    return (least >> np.uint64(32)).astype(np.uint32)


def similarity(one: Signature, other: Signature) -> float:
    """The estimated share of runs that two texts have in common, 0 to 1."""
    return float(np.mean(one == other))


def rows_for(threshold: float) -> int:
    """Rows of a band for a threshold: as many as still find nearly every pair above it."""
    for rows in range(MOST_ROWS, 1, -1):
        if 1 - (1 - threshold**rows) ** (NUM_HASHES // rows) >= LEAST_CHANCE:
            return rows
    return 1


@dataclass(frozen=True)
class Match:
    """An earlier document that is alike."""

    id: str
    similarity: float


class SignatureFile:
    """Signatures on disk, by numbers from 0 on."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b")

    def add(self, signatures: Signature) -> None:
        """More of them, a row each, with the next numbers."""
        self._file.write(np.ascontiguousarray(signatures).tobytes())

    def alike(
        self, signatures: Signature, places: Numbers, numbers: Numbers, threshold: float
    ) -> Iterator[tuple[int, int, float]]:
        """Of the pairs of a row of `signatures` and a number those that are as alike as the threshold: (row, number, similarity)."""
        self._file.flush()
        for begin in range(0, len(places), PAIRS_AT_ONCE):
            some = slice(begin, begin + PAIRS_AT_ONCE)
            needed, which = np.unique(numbers[some], return_inverse=True)
            shares = np.mean(self._read(needed)[which] == signatures[places[some]], axis=1)
            for at in np.flatnonzero(shares >= threshold):
                yield int(places[some][at]), int(numbers[some][at]), float(shares[at])

    def close(self) -> None:
        self._file.close()

    def _read(self, numbers: Numbers) -> Signature:
        size, file = 4 * NUM_HASHES, self._file.fileno()
        data = b"".join(os.pread(file, size, number * size) for number in numbers.tolist())
        return np.frombuffer(data, dtype=np.uint32).reshape(-1, NUM_HASHES)


class NearIndex:
    """Documents seen so far, on disk below `folder`."""

    def __init__(self, folder: Path, threshold: float) -> None:
        self._threshold = threshold
        self._rows = rows_for(threshold)
        self._bands = SortedRuns(folder)
        self._signatures = SignatureFile(folder / "signatures.bin")
        self._ids = sqlite3.connect(folder / "ids.sqlite")
        self._ids.execute("PRAGMA synchronous = OFF")
        self._ids.execute("CREATE TABLE ids (number INTEGER PRIMARY KEY, id TEXT)")
        self._num_documents = 0

    def match(self, ids: Sequence[str], signatures: Signature) -> list[Match | None]:
        """For each document the most alike of those before it that have none themselves, if it is as alike as the threshold.

        signatures: a row for each document.
        """
        found: list[Match | None] = []
        for at in range(0, len(ids), AT_ONCE):
            found += self._match(ids[at : at + AT_ONCE], signatures[at : at + AT_ONCE])
        return found

    def close(self) -> None:
        self._signatures.close()
        self._ids.close()

    def _match(self, ids: Sequence[str], signatures: Signature) -> list[Match | None]:
        first = self._num_documents
        self._num_documents += len(ids)
        self._signatures.add(signatures)
        keys = band_keys(signatures, self._rows)
        best = self._best(signatures, self._candidates(keys, first), first)
        stay = np.array([at for at in range(len(ids)) if at not in best], dtype=np.int64)
        self._bands.add(keys[stay].ravel(), np.repeat(first + stay, keys.shape[1]))
        rows = [(int(first + at), ids[at]) for at in stay]
        self._ids.executemany("INSERT INTO ids VALUES (?, ?)", rows)
        return [
            Match(self._id(best[at][0]), best[at][1]) if at in best else None
            for at in range(len(ids))
        ]

    def _candidates(self, keys: Keys, first: int) -> tuple[Numbers, Numbers]:
        """(place, number) of the pairs that have a band in common, the number earlier; by place, then number, none twice."""
        asked = keys.ravel()
        order = np.argsort(asked, kind="stable")
        own_keys, own_numbers = asked[order], first + order // keys.shape[1]
        own = found_in(own_keys, own_numbers, own_keys, np.full(len(asked), MOST))
        earlier = self._bands.find(asked, MOST)
        places = np.concatenate([order[own[0]], earlier[0]]) // keys.shape[1]
        numbers = np.concatenate([own[1], earlier[1]])
        is_before = numbers < first + places
        return unique_pairs(places[is_before], numbers[is_before])

    def _best(
        self, signatures: Signature, pairs: tuple[Numbers, Numbers], first: int
    ) -> dict[int, tuple[int, float]]:
        """Place -> (number, similarity) of the most alike document that stays; the first of several."""
        best: dict[int, tuple[int, float]] = {}
        for place, number, alike in self._signatures.alike(signatures, *pairs, self._threshold):
            stays = number < first or number - first not in best
            if stays and (place not in best or alike > best[place][1]):
                best[place] = number, alike
        return best

    def _id(self, number: int) -> str:
        row = self._ids.execute("SELECT id FROM ids WHERE number = ?", (number,)).fetchone()
        return str(row[0])


def unique_pairs(places: Numbers, numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The same pairs by place, then number, none twice."""
    pairs = np.unique(places << NUMBER_BITS | numbers)
    return pairs >> NUMBER_BITS, pairs & ((1 << NUMBER_BITS) - 1)


def band_keys(signatures: Signature, rows: int) -> Keys:
    """A number for each band of each signature, the same where all its rows are: (documents, bands)."""
    num_bands = NUM_HASHES // rows
    bands = signatures[:, : num_bands * rows].reshape(-1, num_bands, rows).astype(np.uint64)
    keys = np.broadcast_to(np.arange(1, num_bands + 1, dtype=np.uint64) * _MIX, bands.shape[:2])
    for at in range(rows):
        keys = (keys ^ bands[:, :, at]) * _MIX
        keys = keys ^ keys >> np.uint64(29)
    return keys
