"""How often a tokenizer uses its tokens and its merges in some texts.

In: a tokenizer and texts. Out: for each id how often it comes, and for each merge how often it was made. The two differ: the
merge of `th` is made in every `the`, and the token `th` is left over in few words.
Words are counted first and merged once each, so millions of characters take a second or two.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from glassworks.lm.tokenizer.analysis.what_if import count_words
from glassworks.lm.tokenizer.bpe import merge_word, ranks_of
from glassworks.lm.tokenizer.tokenizer import Tokenizer


@dataclass(frozen=True)
class Usage:
    """tokens: id -> how often it comes. merges: rank -> how often it is made; empty without merges on bytes."""

    tokens: Counter[int]
    merges: Counter[int]
    num_bytes: int

    @property
    def num_tokens(self) -> int:
        return self.tokens.total()


def usage(tokenizer: Tokenizer, texts: Iterable[str]) -> Usage:
    """Count the tokens and merges of the texts. Raises BadData for a text that cannot be spelled."""
    texts = list(texts)
    num_bytes = sum(len(text.encode()) for text in texts)
    layout = tokenizer.layout
    if not (layout.model == "BPE" and layout.is_byte_level) or layout.ignore_merges:
        return Usage(_count_encoded(tokenizer, texts), Counter(), num_bytes)
    ranks = ranks_of(layout.merges)
    tokens: Counter[int] = Counter()
    merges: Counter[int] = Counter()
    for word, count in count_words(tokenizer, texts).items():
        symbols, steps = merge_word(list(word), ranks)
        for symbol in symbols:
            tokens[layout.vocab[symbol]] += count
        for step in steps:
            merges[step.rank] += count
    return Usage(tokens, merges, num_bytes)


def _count_encoded(tokenizer: Tokenizer, texts: list[str]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for ids in tokenizer.encode_many(texts):
        counts.update(ids)
    return counts
