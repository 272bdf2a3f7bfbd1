"""Learning the merges of byte-level BPE: by the fast library, or by our own code, which tells each merge as it is learned.

In: texts, as a stream. Out: merges in the byte alphabet; both programs find the same ones, so which one learns is a matter of
time. On a small text ours takes a second at most, and tells what it learns while it learns; from `READABLE_BYTES` on the library,
which uses all cores, is the faster one. `choose` finds out while it reads.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from tokenizers import models, trainers

from glassworks.lm.tokenizer.bpe import Learned, learn_merges
from glassworks.lm.tokenizer.bpe.counting import STRETCH, count_in_stretches
from glassworks.lm.tokenizer.byte_alphabet import CHARACTER_OF_BYTE, to_characters
from glassworks.lm.tokenizer.growth import OnGrowth, Teller, replay
from glassworks.lm.tokenizer.layout import merges_of, on_bytes
from glassworks.lm.tokenizer.trainers.base import Progress

Merges = list[tuple[str, str]]
Stretches = Counter[str]
READABLE_BYTES = 2 << 20
"""Text that is learned from by our own program, where nobody chose; what is larger is the library's."""
PORTION_CHARACTERS = 8000
BETWEEN_WORDS = re.compile(r"(?<=\S) (?=\S)")
PARALLELISM = "TOKENIZERS_PARALLELISM"
"""The library's switch: whether its threads share the work. It looks at it anew before each merge."""
REPLAYED_BYTES = 64 << 10
"""Of a text that the library learned from: on these, counted again, the growth is told. A hundredth of its work."""


class Texts:
    """A stream of texts, their bytes counted; the first of them are kept for a replay."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self.num_bytes = 0
        self.first: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for text in self._texts:
            if self.num_bytes < REPLAYED_BYTES:
                self.first.append(text[: REPLAYED_BYTES - self.num_bytes])
            self.num_bytes += len(text.encode())
            yield text


def choose(texts: Texts) -> tuple[Stretches | None, Iterable[str]]:
    """The counted stretches of a small text, or None and the texts from their start."""
    held = []
    stream = iter(texts)
    for text in stream:
        held.append(text)
        if texts.num_bytes > READABLE_BYTES:
            return None, chain(held, stream)
    return count_stretches(held), held


def count_stretches(texts: Iterable[str]) -> Stretches:
    """All of them, however many."""
    stretches: Stretches = Counter()
    for text in texts:
        stretches.update(STRETCH.findall(text))
    return stretches


def learn_readably(
    config: Any,
    stretches: Stretches,
    total: int,
    progress: Progress,
    on_growth: OnGrowth | None = None,
) -> Merges:
    """At most `total` merges as our own trainer learns them. A byte's number is its place among the characters."""
    spelling = sorted(CHARACTER_OF_BYTE)
    number = {character: index for index, character in enumerate(spelling)}
    words = {
        tuple(number[character] for character in to_characters(piece.encode())): count
        for piece, count in count_in_stretches(stretches).items()
    }
    num_bytes = sum(len(word) * count for word, count in words.items())
    teller = None if on_growth is None else Teller(on_growth, total, num_bytes)

    def learned(one: Learned) -> None:
        left, right = (spelling[index] for index in one.pair)
        spelling.append(left + right)
        merges.append((left, right))
        if teller is not None:
            teller.learned(one.number - 1, left, right, one.count)
        progress(one.number, total)

    merges: Merges = []
    learn_merges(words, 256, total, config.min_frequency, learned)
    if teller is not None:
        teller.close()
    return merges


def learn_fast(config: Any, texts: Iterable[str]) -> Merges:
    """The merges as the library learns them."""
    inner = on_bytes(
        models.BPE(vocab={c: i for i, c in enumerate(sorted(CHARACTER_OF_BYTE))}, merges=[])
    )
    trainer = trainers.BpeTrainer(
        vocab_size=config.vocab_size,
        min_frequency=config.min_frequency,
        special_tokens=list(config.special_tokens.values()),
        initial_alphabet=list(CHARACTER_OF_BYTE),
        show_progress=False,
    )
    before = os.environ.get(PARALLELISM)
    try:
        inner.train_from_iterator(_then_alone(_in_portions(texts)), trainer)
    finally:
        if before is None:
            os.environ.pop(PARALLELISM, None)
        else:
            os.environ[PARALLELISM] = before
    return merges_of(inner)


def _then_alone(portions: Iterator[str]) -> Iterator[str]:
    """The portions; when all are read, the library goes on with one thread.

    Words are counted by all threads. A merge changes a few words: to share them out takes longer than to change them.
    """
    yield from portions
    os.environ[PARALLELISM] = "false"


def _in_portions(texts: Iterable[str]) -> Iterator[str]:
    """The texts, cut where one blank divides two words: no piece crosses it, and the library is faster at short texts."""
    for text in texts:
        at = 0
        while at < len(text):
            found = BETWEEN_WORDS.search(text, at + PORTION_CHARACTERS)
            end = found.start() if found else len(text)
            yield text[at:end]
            at = end


def tell_afterwards(merges: Merges, texts: Texts, on_growth: OnGrowth) -> None:
    """How the library's vocabulary grew, on the beginning of the text."""
    replay(merges, texts.first, on_growth)
