"""What a larger or smaller vocabulary would save in tokens and cost in parameters.

In: a byte-level BPE tokenizer with the largest vocabulary in question, texts, and the model's width. Out: a row for each
size. Nothing is trained again: a vocabulary of n tokens is the first n of a larger one, and each merge in a word makes it
one token shorter. So one pass over the words, noting the rank of each merge, gives the number of tokens at every size.

Training costs 6 floating-point operations for each parameter and token, of which the head (width x vocabulary) is a part:
more tokens in the vocabulary make the text shorter and each token dearer. Somewhere between lies the least.
Source: Kaplan et al., "Scaling Laws for Neural Language Models" (2020), for 6 N per token.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

from glassworks.common.errors import InvalidSpec
from glassworks.lm.tokenizer.bpe import merge_word, ranks_of
from glassworks.lm.tokenizer.bpe.counting import STRETCH
from glassworks.lm.tokenizer.bpe.pieces import GPT2_PATTERN
from glassworks.lm.tokenizer.tokenizer import Tokenizer
from glassworks.specs.base import Spec


class WhatIfRow(Spec):
    """A vocabulary of `vocab_size`. embedding_parameters: embedding and head together. flops: of one pass over the texts."""

    vocab_size: int
    num_tokens: int
    bytes_per_token: float
    embedding_parameters: int
    flops: float


def what_if(
    tokenizer: Tokenizer,
    texts: Iterable[str],
    sizes: Sequence[int],
    width: int,
    is_tied: bool = False,
    body_parameters: int = 0,
) -> tuple[WhatIfRow, ...]:
    """A row for each size that the tokenizer can be cut to. body_parameters: the model without embedding and head.

    Raises InvalidSpec for a tokenizer without merges on bytes.
    """
    texts = list(texts)
    curve = token_curve(tokenizer, texts)
    num_bytes = sum(len(text.encode()) for text in texts)
    num_base = tokenizer.vocab_size - (len(curve) - 1)
    rows = []
    for size in sorted(set(sizes)):
        if num_base <= size <= tokenizer.vocab_size:
            num_tokens = curve[size - num_base]
            rows.append(
                WhatIfRow(
                    vocab_size=size,
                    num_tokens=num_tokens,
                    bytes_per_token=num_bytes / max(1, num_tokens),
                    embedding_parameters=size * width * (1 if is_tied else 2),
                    flops=6.0 * num_tokens * (body_parameters + size * width),
                )
            )
    return tuple(rows)


def token_curve(tokenizer: Tokenizer, texts: Iterable[str]) -> list[int]:
    """The number of tokens of the texts with no merge, with the first, with the first two, and so on."""
    layout = tokenizer.layout
    if layout.model != "BPE" or not layout.is_byte_level:
        raise InvalidSpec(
            "no-merge-list",
            "This tokenizer has no list of merges on bytes, so it cannot be cut to a smaller size.",
            "Choose a tokenizer of the kind byte_bpe.",
        )
    ranks = ranks_of(layout.merges)
    saved: Counter[int] = Counter()
    num_bytes = 0
    for word, count in count_words(tokenizer, texts).items():
        num_bytes += len(word) * count
        for step in merge_word(list(word), ranks)[1]:
            saved[step.rank] += count
    return list(accumulate((-saved[rank] for rank in range(len(ranks))), initial=num_bytes))


def count_words(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[str]:
    """Words in the byte alphabet. GPT-2's pattern never looks across a stretch, so each stretch is cut once."""
    parts: Counter[str] = Counter()
    for text in texts:
        parts.update(STRETCH.findall(text) if tokenizer.layout.pattern == GPT2_PATTERN else [text])
    words: Counter[str] = Counter()
    for part, count in parts.items():
        for word in tokenizer.cut(part):
            words[word] += count
    return words
