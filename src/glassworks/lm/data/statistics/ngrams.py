"""The most frequent words, pairs and triples of words, in bounded memory.

In: the words of texts, piece by piece. Out: an `NGramsSpec`. Pairs and triples never reach from one document into the
next; punctuation between words is passed over.
Unusual: only numbers are counted (`words.py`, `tables.py`). The spelling of an n-gram is taken from the text at the moment in
which it enters the list of the most frequent: it can enter only where it occurs, so nothing else need be remembered.
"""

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from glassworks.lm.data.statistics.tables import FrequentKeys
from glassworks.lm.data.statistics.words import Keys, Piece, Places, runs
from glassworks.specs.description import NGramCount, NGramsSpec

NUM_LISTED = 30
CAPACITY = 1_000_000
WORDS_AT_ONCE = 250_000
LONGEST = 3
SHOWN_CHARACTERS = 120

Spell = Callable[[int, int], str]
"""(first word, number of words) -> their text."""


class NGrams:
    """Counts n-grams of one, two and three words."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._tables = [_Table(num, capacity) for num in range(1, LONGEST + 1)]
        self._pieces: list[Piece] = []
        self._num_before = 0
        """Words at the beginning of the pieces that were counted before and only lead in."""

    def add(self, piece: Piece) -> None:
        self._pieces.append(piece)
        if sum(len(one.words) for one in self._pieces) >= WORDS_AT_ONCE:
            self._count()

    def spec(self) -> NGramsSpec:
        if self._pieces:
            self._count()
        words, pairs, triples = (table.listed() for table in self._tables)
        return NGramsSpec(words=words, pairs=pairs, triples=triples, is_estimate=self.is_estimate)

    @property
    def is_estimate(self) -> bool:
        """Whether rare n-grams were forgotten on the way."""
        return any(table.num_missed for table in self._tables)

    def _count(self) -> None:
        keys = np.concatenate([piece.words.keys for piece in self._pieces])
        documents = np.concatenate([piece.documents for piece in self._pieces])
        for table in self._tables:
            table.add(keys, documents, self._num_before, self._speller())
        self._keep_tail()

    def _speller(self) -> Spell:
        ends = list(accumulate(len(piece.words) for piece in self._pieces))

        def word(at: int) -> str:
            number = bisect_right(ends, at)
            return self._pieces[number].spell(at - ends[number])  # counted from its end

        return lambda at, num: " ".join(word(place) for place in range(at, at + num))

    def _keep_tail(self) -> None:
        """The last two words lead into what comes next."""
        tail: list[Piece] = []
        missing = LONGEST - 1
        for piece in reversed(self._pieces):
            if missing:
                tail.insert(0, piece.last(missing))
                missing -= len(tail[0].words)
        self._pieces = tail
        self._num_before = LONGEST - 1 - missing


class _Table:
    """N-grams of one length."""

    def __init__(self, num: int, capacity: int) -> None:
        self._num = num
        self._counts = FrequentKeys(capacity)
        self._texts: dict[int, str] = {}

    @property
    def num_missed(self) -> int:
        return self._counts.num_missed

    def add(self, keys: Keys, documents: Places, num_before: int, spell: Spell) -> None:
        last = self._num - 1
        found = runs(keys, self._num)
        is_counted = documents[: len(found)] == documents[last : last + len(found)]
        is_counted[: max(0, num_before - last)] = False
        self._counts.add(*np.unique(found[is_counted], return_counts=True))
        self._spell(found, is_counted, spell)

    def listed(self) -> tuple[NGramCount, ...]:
        """The most frequent first. Pairs and triples that occur once are no finding."""
        found = [
            NGramCount(text=self._texts[key], count=count)
            for key, count in self._counts.top(NUM_LISTED)
            if count >= min(self._num, 2)
        ]
        return tuple(sorted(found, key=lambda one: (-one.count, one.text)))

    def _spell(self, found: Keys, is_counted: NDArray[np.bool_], spell: Spell) -> None:
        """Take the spelling of what is new in the list from the words where it was found."""
        texts = {}
        for key, _ in self._counts.top(NUM_LISTED):
            if (text := self._texts.get(key)) is None:
                at = int(np.argmax((found == np.uint64(key)) & is_counted))
                text = spell(at, self._num)[:SHOWN_CHARACTERS]
            texts[key] = text
        self._texts = texts
