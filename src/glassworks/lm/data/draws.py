"""Random choices for documents that are made up: the same from every numpy, on every machine.

In: a seed, and for each choice of one document how many there are to choose from. Out: rows of whole numbers without end,
one row a document. Unusual: row n depends on the seed and n alone, so fewer documents are the beginning of more.
"""

from collections.abc import Iterator, Sequence

import numpy as np

BLOCK_ROWS = 4096
"""Rows drawn at a time: drawing one by one costs more than all else."""


def draw_rows(seed: int, limits: Sequence[int]) -> Iterator[list[int]]:
    """Endless rows; number k of a row is below `limits[k]`."""
    bits = np.random.Philox(key=seed)
    below = np.array(limits, dtype=np.uint64)
    while True:
        block = bits.random_raw(BLOCK_ROWS * len(limits)).reshape(BLOCK_ROWS, len(limits))
        yield from (block % below).tolist()
