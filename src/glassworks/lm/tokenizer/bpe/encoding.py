"""Using the merges: a word's bytes are merged in the order in which the merges were learned.

In: merges as pairs of tokens (bytes) with their ids, rank = place in the list. Out: a word's token ids, and on demand
every single merge on the way. Text is cut by `pieces.py` or by whatever cutter the tokenizer was made with.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from glassworks.lm.tokenizer.bpe.pieces import cut_into_pieces

NOT_TEXT = re.compile("([\udc80-\udcff]+)")
"""Bytes that are no UTF-8, as Python's `surrogateescape` writes them."""
BytePair = tuple[bytes, bytes]


@dataclass(frozen=True)
class MergeStep:
    """One merge in one word. `tokens`: the word after it; `position`: where the new token stands in it."""

    rank: int
    pair: BytePair
    position: int
    tokens: tuple[bytes, ...]


class BytePairEncoder:
    """Text to ids, step by step.

    ids: the id of each token. merges: pairs, in the order in which they were learned. cut: text -> pieces.
    """

    def __init__(
        self,
        ids: Mapping[bytes, int],
        merges: Sequence[BytePair],
        cut: Callable[[str], list[str]] = cut_into_pieces,
    ) -> None:
        self.ids = ids
        self.ranks: dict[BytePair, int] = {}
        for rank, pair in enumerate(merges):
            self.ranks.setdefault(pair, rank)
        self.cut = cut

    def encode(self, text: str) -> list[int]:
        """Ids of a text. A byte that the vocabulary lacks raises KeyError."""
        return [
            self.ids[token]
            for piece in self.cut(text)
            for token in self.merge_word(piece.encode())[0]
        ]

    def encode_bytes(self, data: bytes) -> list[int]:
        """Ids of any bytes: stretches that are no UTF-8 are words of their own."""
        ids = []
        for index, part in enumerate(NOT_TEXT.split(data.decode("utf-8", "surrogateescape"))):
            if index % 2 == 0:
                ids += self.encode(part)
            else:
                tokens, _ = self.merge_word(part.encode("utf-8", "surrogateescape"))
                ids += [self.ids[token] for token in tokens]
        return ids

    def merge_word(self, word: bytes) -> tuple[list[bytes], list[MergeStep]]:
        """The tokens of one word, and the merges that led there, in order."""
        tokens = [bytes([byte]) for byte in word]
        steps = []
        while (found := self.first_merge(tokens)) is not None:
            rank, position = found
            pair = (tokens[position], tokens[position + 1])
            tokens[position : position + 2] = [pair[0] + pair[1]]
            steps.append(MergeStep(rank, pair, position, tuple(tokens)))
        return tokens, steps

    def first_merge(self, tokens: Sequence[bytes]) -> tuple[int, int] | None:
        """Rank and place of the merge that was learned first among those possible now; the leftmost of several."""
        possible = [
            (self.ranks[pair], position)
            for position, pair in enumerate(pairwise(tokens))
            if pair in self.ranks
        ]
        return min(possible, default=None)
