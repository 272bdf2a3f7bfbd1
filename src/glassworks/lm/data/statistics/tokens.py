"""Tokens: what a tokenizer makes of the documents, special tokens not counted.

In: slices of documents in order. Out: a `TokensSpec`. A document longer than a slice is encoded slice by slice; slices end
before a blank, where the usual tokenizers cut anyway.
"""

from collections.abc import Sequence

from glassworks.lm.data.statistics.lengths import Lengths
from glassworks.lm.tokenizer import Tokenizer
from glassworks.specs.description import TokensSpec


class Tokens:
    """Counts tokens. `name`: how the tokenizer is called in the figures."""

    def __init__(self, tokenizer: Tokenizer, name: str) -> None:
        self._tokenizer = tokenizer
        self._name = name
        self._lengths = Lengths("tokens")
        self._unfinished = 0

    def add(self, slices: Sequence[str], is_last: Sequence[bool]) -> None:
        """is_last: whether a slice is its document's last. Raises BadData for a text that the tokenizer cannot spell."""
        lengths = []
        for ids, is_end in zip(self._tokenizer.encode_many(slices), is_last, strict=True):
            self._unfinished += len(ids)
            if is_end:
                lengths.append(self._unfinished)
                self._unfinished = 0
        self._lengths.add(lengths)

    def spec(self, num_bytes: int) -> TokensSpec:
        total = self._lengths.total
        return TokensSpec(
            tokenizer=self._name,
            num_tokens=total,
            bytes_per_token=round(num_bytes / total, 4) if total else 0.0,
            lengths=self._lengths.spec(),
        )
