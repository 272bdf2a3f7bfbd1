"""Counting very many different things in a fixed 64 MB: a count-min sketch.

In: keys of 64 bits, as arrays. Out: about how often each came: never less than it did, and with a chance of 98 % no more than
`noise` above. Each key adds one to a cell of each row; what it shares with others in one row it does not share in all.
Source: Cormode and Muthukrishnan 2005, An improved data stream summary.
"""

import hashlib
from collections.abc import Iterable
from math import e
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
WIDTH_BITS = 22
MULTIPLIERS_R = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64
)
"""Odd numbers, one a row (R); the top bits of key times number choose the cell."""


class CountSketch:
    """Counts of keys."""

    def __init__(self, width_bits: int = WIDTH_BITS) -> None:
        self._shift = np.uint64(64 - width_bits)
        self._counts_RW = np.zeros((len(MULTIPLIERS_R), 1 << width_bits), np.uint32)
        self.num_added = 0

    @property
    def noise(self) -> int:
        """How much too high a count may be."""
        return int(e * self.num_added / self._counts_RW.shape[1])

    def add(self, keys_N: Keys) -> None:
        """Count each key once more."""
        for row_W, cells_N in zip(self._counts_RW, self._cells(keys_N), strict=True):
            np.add.at(row_W, cells_N, 1)
        self.num_added += len(keys_N)

    def counts(self, keys_N: Keys) -> NDArray[np.uint32]:
        """About how often each key came."""
        cells_RN = self._cells(keys_N)
        found_RN = np.take_along_axis(self._counts_RW, cells_RN, axis=1)
        return np.asarray(found_RN.min(axis=0))

    def save(self, path: Path) -> None:
        """Write it to `path`, whose name ends in `.npy`."""
        np.save(path, self._counts_RW)
        path.with_suffix(".txt").write_text(str(self.num_added), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "CountSketch":
        """What `save` wrote, to be read only; several processes share the memory."""
        one = cls(width_bits=0)
        one._counts_RW = np.load(path, mmap_mode="r")
        one._shift = np.uint64(64 - (one._counts_RW.shape[1].bit_length() - 1))
        one.num_added = int(path.with_suffix(".txt").read_text(encoding="utf-8"))
        return one

    def _cells(self, keys_N: Keys) -> NDArray[np.int64]:
        cells_RN = (keys_N[None, :] * MULTIPLIERS_R[:, None]) >> self._shift
        return cells_RN.astype(np.int64)


def keys_of(texts: Iterable[str]) -> Keys:
    """A key for each text."""
    found = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(found, "<u8").astype(np.uint64)


def scoped(keys_N: Keys, scope: str) -> Keys:
    """Other keys for the same texts: what is counted in one scope does not count in another."""
    return np.asarray(keys_N ^ keys_of([f"scope {scope}"]))
