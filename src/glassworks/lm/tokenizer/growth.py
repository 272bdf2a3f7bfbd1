"""How a vocabulary grows: what was merged lately, and how well the text is shortened by now.

In: merges as they are learned, or, from a program that does not tell, all of them and a part of the text. Out: a `Growth`
now and then, at most `MAX_TOLD` of them, close together at the start, where each merge changes most.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from glassworks.lm.tokenizer.bpe import count_pieces, merge_word, ranks_of
from glassworks.lm.tokenizer.byte_alphabet import to_characters

MAX_TOLD = 40
NUM_NEWEST = 6
"""Merges in one `Growth`: the last ones before it."""


@dataclass(frozen=True)
class GrownMerge:
    """Parts in the byte alphabet. rank: 0 for the first one. count: how often it was made in the counted text."""

    rank: int
    left: str
    right: str
    count: int


@dataclass(frozen=True)
class Growth:
    """The vocabulary after `num_merges` of `total` merges.

    counted_bytes: the text that `bytes_per_token` and the counts speak of. is_replayed: told after all were learned.
    """

    num_merges: int
    total: int
    newest: tuple[GrownMerge, ...]
    bytes_per_token: float
    counted_bytes: int
    is_replayed: bool = False


OnGrowth = Callable[[Growth], None]


class Teller:
    """Is told each merge, and tells `on_growth` now and then. num_bytes: of the counted text."""

    def __init__(
        self, on_growth: OnGrowth, total: int, num_bytes: int, is_replayed: bool = False
    ) -> None:
        self._on_growth = on_growth
        self._total = total
        self._num_bytes = self._num_tokens = num_bytes
        self._is_replayed = is_replayed
        self._due = due_at(total)
        self._newest: list[GrownMerge] = []
        self._num_told = 0

    def learned(self, merge: GrownMerge) -> None:
        """One more merge."""
        self._num_tokens -= merge.count
        self._newest = [*self._newest[1 - NUM_NEWEST :], merge]
        if merge.rank + 1 in self._due:
            self._tell()

    def close(self) -> None:
        """Tell of the last merge, where the text had fewer than were wanted."""
        if self._newest and self._newest[-1].rank + 1 > self._num_told:
            self._tell()

    def _tell(self) -> None:
        self._num_told = self._newest[-1].rank + 1
        self._on_growth(
            Growth(
                num_merges=self._num_told,
                total=self._total,
                newest=tuple(self._newest),
                bytes_per_token=self._num_bytes / max(1, self._num_tokens),
                counted_bytes=self._num_bytes,
                is_replayed=self._is_replayed,
            )
        )
        self._newest.clear()


def due_at(total: int) -> frozenset[int]:
    """After which merges to tell: at most `MAX_TOLD - 1` numbers in equal ratios from 1 to `total`, so that one is left to `close`."""
    last = MAX_TOLD - 2
    return frozenset(round(max(1, total) ** (index / last)) for index in range(last + 1))


def replay(merges: Sequence[tuple[str, str]], texts: Iterable[str], on_growth: OnGrowth) -> None:
    """Tell how a vocabulary grew that is learned already. A part of the text is enough; the counts are those of that part."""
    ranks = ranks_of(merges)
    counts: Counter[int] = Counter()
    num_bytes = 0
    for piece, count in count_pieces(texts).items():
        word = to_characters(piece.encode())
        num_bytes += len(word) * count
        for step in merge_word(list(word), ranks)[1]:
            counts[step.rank] += count
    teller = Teller(on_growth, len(merges), num_bytes, is_replayed=True)
    for rank, (left, right) in enumerate(merges):
        teller.learned(GrownMerge(rank, left, right, counts[rank]))
    teller.close()
