"""The programs that turn text into ids: `tokenizers`, which reads every file, and `tiktoken`, many times as fast.

In: a tokenizer that the library has read. Out: an `Encoder`. `tiktoken` is taken only where it is proven to give the same
ids; the proof is cheap and is made before a loaded tokenizer encodes for the first time.

The proof. `tiktoken` does not know which two tokens a merge joins: it joins any two neighbors whose bytes together are a
token, lowest id first. That is the same as the merge list when all of these hold:
    1. text is cut by a pattern on which both engines are known to agree, and every byte is a token;
    2. each merge joins tokens that were there before, and makes a token of its own, with an id above all earlier ones;
    3. the merges turn each token's bytes into that one token.
For when a token's turn comes, all earlier merges are done. Where its bytes now stand as two neighbors, nothing crossed
their borders, so they came about as they do alone; and alone, by 3, only the pair of its own merge can stand there.
"""

import os
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Protocol

import numpy as np
import numpy.typing as npt
import tiktoken
import tokenizers
from tokenizers import models

from glassworks.lm.tokenizer.byte_alphabet import BYTE_OF_CHARACTER
from glassworks.lm.tokenizer.layout import Layout
from glassworks.lm.tokenizer.patterns import PATTERNS

Ids = npt.NDArray[np.uint32]
LONG_RUN = 100_000
"""`tiktoken` ends the process on a million spaces in a row; far shorter runs go to the library."""
UNUSED = "<|never allowed|>"
"""Without any special token `tiktoken` looks for the empty one at every character; none is ever allowed, so none is made."""
PORTIONS_A_THREAD = 8
_LONG_SPACES = re.compile(rf"\s{{{LONG_RUN}}}")


class Encoder(Protocol):
    """Plain text to ids; special tokens are never made."""

    name: str

    def encode(self, text: str) -> list[int]: ...
    def encode_many(self, texts: Sequence[str]) -> list[list[int]]: ...

    def encode_arrays(self, texts: Sequence[str], num_threads: int) -> list[Ids]:
        """The same ids without a Python number for each; no more threads than that (the library takes all it may)."""
        ...


class LibraryEncoder:
    """`tokenizers`: every kind of file; its threads share a batch."""

    name = "tokenizers"

    def __init__(self, inner: tokenizers.Tokenizer) -> None:
        self._inner = inner

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self._inner.encode(text, add_special_tokens=False).ids
        return ids

    def encode_many(self, texts: Sequence[str]) -> list[list[int]]:
        found = self._inner.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in found]

    def encode_arrays(self, texts: Sequence[str], num_threads: int) -> list[Ids]:
        if num_threads == 1:
            return [np.array(self.encode(text), dtype=np.uint32) for text in texts]
        return [np.array(ids, dtype=np.uint32) for ids in self.encode_many(texts)]


class RankEncoder:
    """`tiktoken`: ids as ranks. It works outside Python's lock, so threads share a batch."""

    name = "tiktoken"

    def __init__(self, ranks: Mapping[bytes, int], pattern: str, slow: Encoder) -> None:
        self._inner = tiktoken.Encoding(
            "glassworks",
            pat_str=pattern,
            mergeable_ranks=dict(ranks),
            special_tokens={UNUSED: max(ranks.values()) + 1},
        )
        self._slow = slow

    def encode(self, text: str) -> list[int]:
        if _has_long_run(text):
            return self._slow.encode(text)
        return self._inner.encode_ordinary(text)

    def encode_many(self, texts: Sequence[str]) -> list[list[int]]:
        if len(texts) < 2 or any(_has_long_run(text) for text in texts):
            return [self.encode(text) for text in texts]
        num_threads = min(len(texts), num_usable_cores())
        return self._inner.encode_ordinary_batch(list(texts), num_threads=num_threads)

    def encode_arrays(self, texts: Sequence[str], num_threads: int) -> list[Ids]:
        if num_threads == 1 or len(texts) < 2:
            return self._arrays(texts)
        size = -(-len(texts) // (num_threads * PORTIONS_A_THREAD))
        portions = [texts[at : at + size] for at in range(0, len(texts), size)]
        with ThreadPoolExecutor(num_threads) as threads:
            return list(chain.from_iterable(threads.map(self._arrays, portions)))

    def _arrays(self, texts: Sequence[str]) -> list[Ids]:
        return [self._array(text) for text in texts]

    def _array(self, text: str) -> Ids:
        if _has_long_run(text):
            return np.array(self._slow.encode(text), dtype=np.uint32)
        return self._inner.encode_to_numpy(text, disallowed_special=())


def choose_encoder(
    inner: tokenizers.Tokenizer, layout: Layout, specials: set[str], token_bytes: Sequence[bytes]
) -> Encoder:
    """The fast encoder where it is proven to agree, else the library. specials: spellings that text never yields."""
    slow = LibraryEncoder(inner)
    if not agrees_with_ranks(layout, specials):
        return slow
    assert layout.pattern is not None
    ranks = {token_bytes[id_]: id_ for token, id_ in layout.vocab.items() if token not in specials}
    return RankEncoder(ranks, layout.pattern, slow)


def agrees_with_ranks(layout: Layout, specials: set[str]) -> bool:
    """The proof of the module's head."""
    return (
        layout.is_plain_bpe
        and layout.pattern in PATTERNS.values()
        and layout.added <= specials
        and _merges_are_in_order(layout, specials)
        and _merges_reach_each_token(layout)
    )


def _merges_are_in_order(layout: Layout, specials: set[str]) -> bool:
    known = set(BYTE_OF_CHARACTER)
    if not known <= layout.vocab.keys():
        return False
    last = -1
    for left, right in layout.merges:
        token = left + right
        id_ = layout.vocab.get(token, -1)
        if not {left, right} <= known or token in known or id_ <= last:
            return False
        known.add(token)
        last = id_
    return known == layout.vocab.keys() - specials


def _merges_reach_each_token(layout: Layout) -> bool:
    model = models.BPE(vocab=layout.vocab, merges=layout.merges)
    return all(len(model.tokenize(left + right)) == 1 for left, right in layout.merges)


def _has_long_run(text: str) -> bool:
    return len(text) >= LONG_RUN and _LONG_SPACES.search(text) is not None


def num_usable_cores() -> int:
    """Cores that this process may run on, as far as the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
