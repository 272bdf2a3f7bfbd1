"""Copies and near copies in a dataset, without remembering the dataset.

In: of each document a hash of its text, the text, and a number by which the sample is drawn. Out: a `DuplicatesSpec`.

Exact copies are counted by hash: all of them up to a million different texts, then in a sample of the hashes.
Near copies are looked for in a sample of `MAX_SAMPLED` different texts, each with each, by the signatures of
`lm/data/minhash.py`. Unusual: a sample drawn blindly would hold hardly ever both of a pair. So it takes the texts by the least
number of their runs of three words, which near copies mostly have in common: they come into the sample together.
"""

import heapq

import numpy as np

from glassworks.lm.data.minhash import NUM_HASHES, signature
from glassworks.lm.data.statistics.tables import SampledKeys
from glassworks.lm.data.statistics.words import Keys, Piece, runs, stir
from glassworks.specs.description import DuplicatesSpec

MAX_DIFFERENT = 1 << 20
MAX_SAMPLED = 2000
MAX_SAMPLED_CHARACTERS = 4_000_000
LOOKED_AT = 20_000
"""Characters of a text that are compared with others."""
THRESHOLD = 0.8
RUN_WORDS = 3
_NONE = np.iinfo(np.uint64).max


def sample_keys(piece: Piece, hashes: Keys, first: int) -> Keys:
    """A number for each document of a piece, in which near copies mostly agree. hashes: of the texts, from ordinal `first` on."""
    found = runs(piece.words.keys, RUN_WORDS)
    begins = piece.documents[: len(found)] - first
    ends = piece.documents[RUN_WORDS - 1 :][: len(found)] - first
    inside = np.flatnonzero((begins == ends) & (begins >= 0))
    least = np.full(len(hashes), _NONE)
    np.minimum.at(least, begins[inside], found[inside])
    return stir(np.where(least == _NONE, hashes, least))


class Duplicates:
    """Counts copies."""

    def __init__(
        self, max_sampled: int = MAX_SAMPLED, max_characters: int = MAX_SAMPLED_CHARACTERS
    ) -> None:
        self._texts = SampledKeys(MAX_DIFFERENT)
        self._sample = NearSample(max_sampled, max_characters)

    @property
    def is_sampled(self) -> bool:
        """Whether exact copies were counted in a sample."""
        return self._texts.is_sample

    @property
    def is_near_sampled(self) -> bool:
        """Whether near copies were looked for in a part of the texts."""
        return self._sample.is_part

    def add(self, hashes: Keys, keys: Keys, texts: list[str]) -> None:
        self._texts.add_all(hashes)
        for hash_, key, text in zip(hashes.tolist(), keys.tolist(), texts, strict=True):
            self._sample.add(hash_, key, text)

    def spec(self) -> DuplicatesSpec:
        num_sampled, num_near = self._sample.compare()
        share = num_near / max(1, num_sampled)
        return DuplicatesSpec(
            exact_documents=self._texts.num_repeated,
            exact_groups=self._texts.num_several,
            near_documents=round(share * self._texts.num_different),
            near_share=round(share, 6),
            is_estimate=self._texts.is_sample or self._sample.is_part,
            sampled_documents=num_sampled,
        )


class NearSample:
    """The different texts with the least keys, as many as there is room for."""

    def __init__(self, max_texts: int, max_characters: int) -> None:
        self._max_texts = max_texts
        self._max_characters = max_characters
        self._heap: list[tuple[int, int, int, str]] = []
        """(-key, -number, hash, text): the greatest key first, of equal ones the latest."""
        self._hashes: set[int] = set()
        self._num_characters = 0
        self._number = 0
        self._limit = 1 << 64
        self.is_part = False
        """Whether some texts, or ends of texts, were left out."""

    def add(self, hash_: int, key: int, text: str) -> None:
        if key >= self._limit or hash_ in self._hashes:
            return
        self.is_part |= len(text) > LOOKED_AT
        text = text[:LOOKED_AT]
        self._number += 1
        self._hashes.add(hash_)
        heapq.heappush(self._heap, (-key, -self._number, hash_, text))
        self._num_characters += len(text)
        while len(self._heap) > self._max_texts or self._num_characters > self._max_characters:
            self._drop()

    def compare(self) -> tuple[int, int]:
        """How many texts are in the sample, and how many of them are nearly the same as an earlier one."""
        texts = [text for _, _, _, text in sorted(self._heap, key=lambda one: -one[1])]
        kept = np.zeros((len(texts), NUM_HASHES), dtype=np.uint32)
        num_kept = 0
        for text in texts:
            found = signature(text)
            if not np.any(np.mean(kept[:num_kept] == found, axis=1) >= THRESHOLD):
                kept[num_kept] = found
                num_kept += 1
        return len(texts), len(texts) - num_kept

    def _drop(self) -> None:
        key, _, hash_, text = heapq.heappop(self._heap)
        self._limit = min(self._limit, -key)
        self._hashes.remove(hash_)
        self._num_characters -= len(text)
        self.is_part = True
