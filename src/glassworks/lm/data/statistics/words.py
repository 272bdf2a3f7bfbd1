"""Words of texts, found with numpy: where each stands, and a number of 64 bits for each that is the same for the same word.

In: code points of texts and the tables of `characters.py`. Out: `Words`. A word is a run of letters, digits and marks,
with apostrophes inside (don't); of Han and kana each character is a word. Case makes no difference.
The number is a polynomial of the characters modulo 2^64, stirred: two of a million different words agree with the chance
of one in 40 million.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glassworks.lm.data.statistics.characters import (
    ALONE,
    APOSTROPHE,
    BETWEEN,
    CURLY_APOSTROPHE,
    JOINED,
    Characters,
    Codes,
    fold,
)

Keys = NDArray[np.uint64]
Places = NDArray[np.int64]
_BASE = np.uint64(0x9E3779B97F4A7C15)
_STIR = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True)
class Words:
    """Words in order: number, first character, the character after the last."""

    keys: Keys
    starts: Places
    ends: Places

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class Piece:
    """A stretch of texts, the words in it, and the ordinal of the document that each word belongs to."""

    text: str
    words: Words
    documents: Places

    def last(self, num: int) -> "Piece":
        """The same stretch with its last words alone."""
        begin = max(0, len(self.words) - num)
        words = Words(self.words.keys[begin:], self.words.starts[begin:], self.words.ends[begin:])
        return Piece(self.text, words, self.documents[begin:])

    def spell(self, at: int) -> str:
        """A word as it is counted: in lower case."""
        return "".join(map(fold, self.text[self.words.starts[at] : self.words.ends[at]]))


def find_words(codes: Codes, characters: Characters) -> Words:
    """The words of a text whose characters have been looked up."""
    classes = characters.word_class[codes]
    _join_apostrophes(codes, classes)
    alone, joined = classes == ALONE, classes == JOINED
    before, after = np.zeros_like(joined), np.zeros_like(joined)
    before[1:], after[:-1] = joined[:-1], joined[1:]
    starts = np.flatnonzero(alone | (joined & ~before))
    ends = np.flatnonzero(alone | (joined & ~after)) + 1
    if not len(starts):
        return Words(np.zeros(0, dtype=np.uint64), starts, ends)
    letters = characters.folded[codes[classes != BETWEEN]].astype(np.uint64)
    return Words(_keys(letters, ends - starts), starts, ends)


def runs(keys: Keys, num: int) -> Keys:
    """A number for each `num` neighboring words; one shorter by `num - 1`, empty where there are fewer."""
    length = max(0, len(keys) - num + 1)
    found = keys[:length]
    for at in range(1, num):
        found = stir(found * _BASE ^ keys[at : at + length])
    return found


def stir(keys: Keys) -> Keys:
    """The same numbers in another order, as if drawn by chance: each bit depends on all."""
    keys = (keys ^ (keys >> np.uint64(30))) * _STIR
    return keys ^ (keys >> np.uint64(27))


def _join_apostrophes(codes: Codes, classes: NDArray[np.uint8]) -> None:
    places = np.flatnonzero((codes == APOSTROPHE) | (codes == CURLY_APOSTROPHE))
    places = places[(places > 0) & (places < len(codes) - 1)]
    inside = (classes[places - 1] == JOINED) & (classes[places + 1] == JOINED)
    classes[places[inside]] = JOINED


def _keys(letters: Keys, lengths: Places) -> Keys:
    """letters: those of all words in a row."""
    offsets = np.cumsum(lengths) - lengths
    powers = np.cumprod(np.full(int(lengths.max()), _BASE, dtype=np.uint64))
    within = np.arange(len(letters)) - np.repeat(offsets, lengths)
    return stir(np.add.reduceat(stir(letters + np.uint64(1)) * powers[within], offsets))
