"""Counts of very many different things in little memory: what is counted is a number of 64 bits.

`KeyCounts` is exact until it holds `capacity` different keys. What happens then depends on what is asked for:
`FrequentKeys` forgets the rarest half, so the most frequent stay (lossy counting: Manku and Motwani 2002);
`SampledKeys` keeps every second key by its value, then every fourth ..., so that sums scale up (adaptive sampling:
Wegman, in Flajolet 1990). Neither depends on luck: the same keys in the same portions give the same counts.
"""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from glassworks.lm.data.statistics.words import Keys

Counts = NDArray[np.int64]


class KeyCounts(ABC):
    """Keys in rising order, and how often each was seen."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self.keys: Keys = np.zeros(0, dtype=np.uint64)
        self.counts: Counts = np.zeros(0, dtype=np.int64)

    def add(self, keys: Keys, counts: Counts) -> None:
        """keys: different ones, in rising order."""
        at = np.searchsorted(self.keys, keys)
        known = np.zeros(len(keys), dtype=bool)
        inside = at < len(self.keys)
        known[inside] = self.keys[at[inside]] == keys[inside]
        self.counts[at[known]] += counts[known]
        self.keys = np.insert(self.keys, at[~known], keys[~known])
        self.counts = np.insert(self.counts, at[~known], counts[~known])
        if len(self.keys) > self._capacity:
            self._shrink()

    def _keep(self, kept: NDArray[np.bool_]) -> None:
        self.keys, self.counts = self.keys[kept], self.counts[kept]

    @abstractmethod
    def _shrink(self) -> None:
        """Keep no more keys than there is room for."""


class FrequentKeys(KeyCounts):
    """The most frequent keys stay. A count is too low by `num_missed` at most."""

    num_missed = 0
    _bound = 0
    """The least count of the last list; counts only rise, so what is listed next has at least as much."""

    def top(self, num: int) -> list[tuple[int, int]]:
        """(key, count) of the most frequent; of equally frequent ones the least keys."""
        num = min(num, len(self.keys))
        if not num:
            return []
        places = np.flatnonzero(self.counts >= self._bound)
        if len(places) < num:
            places = np.arange(len(self.counts))
        counts = self.counts[places]
        self._bound = int(np.partition(counts, -num)[-num])
        above = places[counts > self._bound]
        level = places[counts == self._bound][: num - len(above)]
        chosen = np.concatenate([above, level])
        pairs = [(int(self.keys[at]), int(self.counts[at])) for at in chosen]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def _shrink(self) -> None:
        limit = int(np.partition(self.counts, -(self._capacity // 2))[-(self._capacity // 2)])
        self._keep(self.counts > limit)
        self.num_missed += limit


class SampledKeys(KeyCounts):
    """A share of 1 / 2^level of the keys stays, whatever their counts."""

    _level = 0

    @property
    def is_sample(self) -> bool:
        return self._level > 0

    @property
    def num_different(self) -> int:
        return len(self.keys) << self._level

    @property
    def num_repeated(self) -> int:
        """Those seen before, each time."""
        return int((self.counts - 1).sum()) << self._level

    @property
    def num_several(self) -> int:
        """Keys that were seen more than once."""
        return int((self.counts > 1).sum()) << self._level

    def add_all(self, keys: Keys) -> None:
        """keys: in any order, the same ones too."""
        different, counts = np.unique(keys, return_counts=True)
        kept = self._is_kept(different)
        self.add(different[kept], counts[kept])

    def _shrink(self) -> None:
        while len(self.keys) > self._capacity:
            self._level += 1
            self._keep(self._is_kept(self.keys))

    def _is_kept(self, keys: Keys) -> NDArray[np.bool_]:
        """Whether the `level` highest bits are 0."""
        highest = np.uint64(((1 << self._level) - 1) << (64 - self._level))
        kept: NDArray[np.bool_] = (keys & highest) == 0
        return kept
