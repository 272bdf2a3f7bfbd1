"""Numbers that are found by a key, on disk: sorted runs, and runs of like size merged into one.

In: keys with a number each, many at a time. Out: for each of many keys asked for, the numbers that were put in under it,
earliest first, at most `limit`. Unusual: nothing is looked up one by one. Both what is put in and what is asked for is
sorted, so a thousand questions walk once through each file, and what a question costs hardly grows with what is stored. Memory
is bounded by the longest run, `MAX_RUN`.
Source: O'Neil et al., "The Log-Structured Merge-Tree" (1996).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_RUN = 2 << 20
"""Entries: 32 MB. Two runs that would be longer together stay two."""

Keys = NDArray[np.uint64]
Numbers = NDArray[np.int64]


class SortedRuns:
    """Keys and numbers below `folder`. Numbers must be put in from small to large."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sizes: list[int] = []

    def add(self, keys: Keys, numbers: Numbers) -> None:
        """Put numbers in, each under its key."""
        if not len(keys):
            return
        order = np.argsort(keys, kind="stable")
        run = keys[order], numbers[order]
        while self._sizes and self._sizes[-1] <= len(run[0]) <= MAX_RUN - self._sizes[-1]:
            run = _merged(self._open(len(self._sizes) - 1), run)
            self._sizes.pop()
        np.save(self._file(len(self._sizes), "keys"), run[0])
        np.save(self._file(len(self._sizes), "numbers"), run[1])
        self._sizes.append(len(run[0]))

    def find(self, keys: Keys, limit: int) -> tuple[Numbers, Numbers]:
        """(places in `keys`, numbers found): a place comes as often as numbers were found for it, at most `limit` times."""
        order = np.argsort(keys, kind="stable")
        asked, room = keys[order], np.full(len(keys), limit)
        found = [found_in(*run, asked, room) for run in self._all()]
        places = [order[places] for places, _ in found]
        return _joined(places), _joined([numbers for _, numbers in found])

    def _all(self) -> Iterator[tuple[Keys, Numbers]]:
        """One after another, oldest first; a file is let go before the next is opened."""
        for at in range(len(self._sizes)):
            yield self._open(at)

    def _open(self, at: int) -> tuple[Keys, Numbers]:
        keys, numbers = (
            np.asarray(np.load(self._file(at, what), mmap_mode="r")) for what in ("keys", "numbers")
        )
        return keys, numbers

    def _file(self, at: int, what: str) -> Path:
        return self._folder / f"run-{at:03}-{what}.npy"


def found_in(
    keys: Keys, numbers: Numbers, asked: Keys, room: NDArray[np.int64]
) -> tuple[Numbers, Numbers]:
    """The same for one run. asked: sorted. room: how many each may still get; it is taken from."""
    starts = np.searchsorted(keys, asked)
    is_hit = keys[np.minimum(starts, len(keys) - 1)] == asked
    is_hit &= starts < len(keys)
    (hits,) = np.nonzero(is_hit & (room > 0))
    starts = starts[hits]
    counts = np.minimum(np.searchsorted(keys, asked[hits], side="right") - starts, room[hits])
    room[hits] -= counts
    ends = np.cumsum(counts)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return np.repeat(hits, counts), numbers[np.repeat(starts, counts) + within]


def _merged(older: tuple[Keys, Numbers], newer: tuple[Keys, Numbers]) -> tuple[Keys, Numbers]:
    """Both in one, sorted; under the same key the older come first. Holds no more than both and the result."""
    places = np.searchsorted(older[0], newer[0], side="right")
    places += np.arange(len(places))
    is_newer = np.zeros(len(older[0]) + len(newer[0]), dtype=np.bool_)
    is_newer[places] = True
    return _woven(older[0], newer[0], is_newer), _woven(older[1], newer[1], is_newer)


def _woven(older: NDArray[Any], newer: NDArray[Any], is_newer: NDArray[np.bool_]) -> NDArray[Any]:
    woven = np.empty(len(is_newer), dtype=older.dtype)
    woven[is_newer], woven[~is_newer] = newer, older
    return woven


def _joined(arrays: list[Any]) -> Numbers:
    return np.concatenate(arrays) if arrays else np.empty(0, np.int64)
