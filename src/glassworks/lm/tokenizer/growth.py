"""How a vocabulary grows: what was merged lately, and how well the text is shortened by now.

In: merges as they are learned, or, from a program that does not tell, all of them and a part of the text. Out: a `Growth`
now and then, at most `MAX_TOLD` of them, close together at the start, where each merge changes most.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tokenizers import models

from glassworks.lm.tokenizer.bpe import count_pieces
from glassworks.lm.tokenizer.byte_alphabet import CHARACTER_OF_BYTE, to_characters

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
        self._newest: deque[tuple[int, str, str, int]] = deque(maxlen=NUM_NEWEST)

    def learned(self, rank: int, left: str, right: str, count: int) -> None:
        """One more merge: what a `GrownMerge` says. Few of many are told, so it is made of those alone."""
        self._num_tokens -= count
        self._newest.append((rank, left, right, count))
        if rank + 1 in self._due:
            self._tell()

    def close(self) -> None:
        """Tell of the last merge, where the text had fewer than were wanted."""
        if self._newest:
            self._tell()

    def _tell(self) -> None:
        newest = tuple(GrownMerge(*merge) for merge in self._newest)
        self._on_growth(
            Growth(
                num_merges=newest[-1].rank + 1,
                total=self._total,
                newest=newest,
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
    words = {to_characters(piece.encode()): count for piece, count in count_pieces(texts).items()}
    num_bytes = sum(len(word) * count for word, count in words.items())
    made = count_made(merges, words)
    teller = Teller(on_growth, len(merges), num_bytes, is_replayed=True)
    for rank, (left, right) in enumerate(merges):
        teller.learned(rank, left, right, made[left + right])
    teller.close()


def count_made(merges: Sequence[tuple[str, str]], words: Mapping[str, int]) -> Mapping[str, int]:
    """How often each token is made when these words are merged. words: in the byte alphabet -> how often each comes.

    A token is made for each place where it stands in the end, and for each longer token that was made of it. So what
    stands in the end is counted, and then, from the last merge to the first, the count of a whole is added to its parts.
    It holds for learned merges, of which no two make the same token.
    """
    tokens = [*CHARACTER_OF_BYTE, *(left + right for left, right in merges)]
    vocab = {token: id_ for id_, token in enumerate(tokens)}
    model = models.BPE(vocab=vocab, merges=list(merges))
    made: defaultdict[str, int] = defaultdict(int)
    for word, count in words.items():
        for token in model.tokenize(word):
            made[token.value] += count
    for left, right in reversed(merges):
        times = made[left + right]
        made[left] += times
        made[right] += times
    return made
