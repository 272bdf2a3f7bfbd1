"""How often tokens and merges come in a dataset, counted once and kept: several ops show these counts.

In: a tokenizer and the folder of a dataset. Out: a `Usage` over the dataset's first `MAX_BYTES`.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from glassworks.lm.data import DatasetReader
from glassworks.lm.tokenizer.analysis.usage import Usage, usage
from glassworks.worker.ops._tokenizers import open_tokenizer

MAX_BYTES = 8 << 20
"""Enough for the plays as a whole; larger datasets are counted on their beginning, and the answer says how much."""


@lru_cache(maxsize=4)
def usage_in(tokenizer: str, dataset: str) -> Usage:
    """Both are artifacts, which never change. Raises what reading either raises."""
    return usage(open_tokenizer(tokenizer), first_texts(dataset))


def first_texts(dataset: str, limit: int = MAX_BYTES) -> list[str]:
    """The texts of the first documents, up to so many bytes."""
    return list(_until(limit, (document.text for document in DatasetReader(Path(dataset)))))


def _until(limit: int, texts: Iterator[str]) -> Iterator[str]:
    left = limit
    for text in texts:
        yield text[:left]
        left -= len(text.encode())
        if left <= 0:
            return
