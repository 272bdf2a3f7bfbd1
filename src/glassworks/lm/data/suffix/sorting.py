"""A suffix array: the beginnings of all suffixes of a text, in the order of those suffixes.

In: bytes. Out: positions, such that `text[a[0]:] < text[a[1]:] < ...`. Whatever occurs in the text is the beginning of some
suffix, so it stands in one stretch of the array, and two binary searches find that stretch.

`suffix_array` doubles: sorted by their first 8 bytes, suffixes are sorted by their first 16 with the ranks that are known by now
(the rank of i by 16 bytes is the pair of the ranks of i and of i + 8 by 8 bytes), then by 32, until no two are alike. Only those
that are still alike go into the next round, so text without long repetitions is done after a few. Source: Manber and Myers 1990,
"Suffix arrays"; what is left in a round: Larsson and Sadakane 1999, "Faster suffix sorting".

Time O(n log n log r) for a longest repetition of r bytes; memory about 60 bytes for each byte of the text (measured).

Letters: N bytes of the text, A suffixes that are still alike others.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

FIRST_BYTES = 8
Positions = npt.NDArray[np.int64]


def plain_suffix_array(text: bytes) -> list[int]:
    """The same in one line, to read and to test by: it compares whole suffixes, so it is slow and needs N * N bytes."""
    return sorted(range(len(text)), key=lambda start: text[start:])


def suffix_array(
    text_N: npt.NDArray[np.uint8], tick: Callable[[], None] | None = None
) -> Positions:
    """Beginnings of the suffixes in their order. `tick` is called before each round; what it raises ends the work."""
    num = len(text_N)
    keys_N = _first_bytes(text_N)
    order_N = np.argsort(keys_N)
    ranks_N, alike_A, slots_A = _ranked(keys_N[order_N], order_N, np.arange(num), num)
    del keys_N
    width = FIRST_BYTES
    while len(alike_A):
        if tick is not None:
            tick()
        behind_A = _ranks_behind(ranks_N, alike_A, width)
        keys_A = ranks_N[alike_A] * (num + width + 1) + (behind_A + width + 1)
        by_key_A = np.argsort(keys_A)
        keys_A, alike_A = keys_A[by_key_A], alike_A[by_key_A]
        order_N[slots_A] = alike_A
        alike_A, slots_A = _rank_anew(ranks_N, keys_A, alike_A, slots_A)
        width *= 2
    return order_N


def _first_bytes(text_N: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """The first bytes of each suffix as a number that sorts as they do; zeros stand behind the end."""
    padded = np.concatenate([text_N, np.zeros(FIRST_BYTES, np.uint8)])
    keys_N = np.zeros(len(text_N), np.uint64)
    for place in range(FIRST_BYTES):
        keys_N <<= np.uint64(8)
        keys_N |= padded[place : place + len(text_N)]
    return keys_N


def _ranked(
    keys: npt.NDArray[Any], order_N: Positions, slots_N: Positions, num: int
) -> tuple[Positions, Positions, Positions]:
    """The ranks after the first sort, and who is alike another."""
    ranks_N = np.empty(num, np.int64)
    alike_A, slots_A = _rank_anew(ranks_N, keys, order_N, slots_N)
    return ranks_N, alike_A, slots_A


def _rank_anew(
    ranks_N: Positions, keys: npt.NDArray[Any], sorted_A: Positions, slots_A: Positions
) -> tuple[Positions, Positions]:
    """Write the ranks of suffixes that stand sorted in these slots; returns those that are alike another, and their slots.

    A rank is the first slot of all that are alike.
    """
    if not len(keys):
        return sorted_A, slots_A
    is_first = np.empty(len(keys), np.bool_)
    is_first[0] = True
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    ranks_N[sorted_A] = np.maximum.accumulate(np.where(is_first, slots_A, 0))
    is_alone = is_first & np.append(is_first[1:], True)
    return sorted_A[~is_alone], slots_A[~is_alone]


def _ranks_behind(ranks_N: Positions, starts_A: Positions, width: int) -> Positions:
    """The ranks of what stands `width` bytes behind; behind the end the shorter suffix comes first."""
    behind_A = starts_A + width
    num = len(ranks_N)
    ranks_A = ranks_N[np.minimum(behind_A, num - 1)]
    return np.where(behind_A < num, ranks_A, num - 1 - behind_A)
