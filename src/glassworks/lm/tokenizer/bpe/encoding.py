"""Using the merges: a word's bytes are merged in the order in which the merges were learned.

In: merges as pairs of tokens, rank = place in the list. Out: a word's tokens and every single merge on the way.
Text is cut by `pieces.py` or by whatever cutter the tokenizer was made with.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import AnyStr, Generic

from glassworks.lm.tokenizer.bpe.pieces import cut_into_pieces

NOT_TEXT = re.compile("([\udc80-\udcff]+)")
"""Bytes that are no UTF-8, as Python's `surrogateescape` writes them."""


@dataclass(frozen=True)
class MergeStep(Generic[AnyStr]):
    """One merge in one word: the tokens at `position` and after it become one."""

    rank: int
    pair: tuple[AnyStr, AnyStr]
    position: int


def merge_word(
    symbols: Sequence[AnyStr], ranks: Mapping[tuple[AnyStr, AnyStr], int]
) -> tuple[list[AnyStr], list[MergeStep[AnyStr]]]:
    """The tokens that a word's symbols (bytes, or characters that stand for them) end as, and the merges in order."""
    tokens = list(symbols)
    steps = []
    while (found := first_merge(tokens, ranks)) is not None:
        rank, position = found
        pair = (tokens[position], tokens[position + 1])
        tokens[position : position + 2] = [pair[0] + pair[1]]
        steps.append(MergeStep(rank, pair, position))
    return tokens, steps


def first_merge(
    tokens: Sequence[AnyStr], ranks: Mapping[tuple[AnyStr, AnyStr], int]
) -> tuple[int, int] | None:
    """Rank and place of the merge that was learned first among those possible now; the leftmost of several."""
    possible = [
        (ranks[pair], position) for position, pair in enumerate(pairwise(tokens)) if pair in ranks
    ]
    return min(possible, default=None)


def ranks_of(merges: Sequence[tuple[AnyStr, AnyStr]]) -> dict[tuple[AnyStr, AnyStr], int]:
    """Each pair's place in the list."""
    return {pair: rank for rank, pair in enumerate(merges)}


class BytePairEncoder:
    """Text to ids, step by step.

    ids: the id of each token. merges: pairs, in the order in which they were learned. cut: text -> pieces.
    """

    def __init__(
        self,
        ids: Mapping[bytes, int],
        merges: Sequence[tuple[bytes, bytes]],
        cut: Callable[[str], list[str]] = cut_into_pieces,
    ) -> None:
        self.ids = ids
        self.ranks = ranks_of(merges)
        self.cut = cut

    def encode(self, text: str) -> list[int]:
        """Ids of a text. Raises KeyError for a byte that the vocabulary lacks."""
        return [id_ for piece in self.cut(text) for id_ in self.encode_word(piece.encode())]

    def encode_word(self, word: bytes) -> list[int]:
        """Ids of one word."""
        tokens, _ = merge_word([bytes([byte]) for byte in word], self.ranks)
        return [self.ids[token] for token in tokens]

    def encode_bytes(self, data: bytes) -> list[int]:
        """Ids of any bytes: stretches that are no UTF-8 are words of their own."""
        ids = []
        for index, part in enumerate(NOT_TEXT.split(data.decode("utf-8", "surrogateescape"))):
            is_text = index % 2 == 0
            ids += (
                self.encode(part)
                if is_text
                else self.encode_word(part.encode("utf-8", "surrogateescape"))
            )
        return ids
