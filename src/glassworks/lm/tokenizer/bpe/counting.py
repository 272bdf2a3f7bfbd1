"""Counting the words of the texts.

A text of a million words has some ten thousand different ones. Each is counted once and worked on once, however often
it comes: that is why BPE can be learned in seconds. Words are cut from stretches between spaces, and each different
stretch is cut once, too.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from glassworks.lm.tokenizer.bpe.pieces import WHITE_SPACE, cut_into_pieces

_SPACES = "".join(sorted(WHITE_SPACE))
STRETCH = re.compile(f"[{_SPACES}]*[^{_SPACES}]+|[{_SPACES}]+")
"""Spaces and what follows up to the next space. No piece crosses its border, so each can be cut by itself."""


def count_pieces(texts: Iterable[str]) -> Counter[str]:
    """How often each piece comes in all texts."""
    stretches: Counter[str] = Counter()
    for text in texts:
        stretches.update(STRETCH.findall(text))
    return count_in_stretches(stretches)


def count_in_stretches(stretches: Mapping[str, int]) -> Counter[str]:
    """How often each piece comes, of stretches that come so often."""
    pieces: Counter[str] = Counter()
    for stretch, count in stretches.items():
        for piece in cut_into_pieces(stretch):
            pieces[piece] += count
    return pieces
