"""Take out documents that say the same thing over and over: repeated lines, repeated runs of words.

A share is of characters. Source: the repetition rules of Rae et al. (2021), appendix A.1.2, with one length of n-grams.
"""

from collections import Counter
from typing import Literal

from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import Filter, Removed, Verdict
from glassworks.specs.base import Config as BaseConfig


class Repetition(Filter):
    """Take out documents that say the same thing over and over."""

    class Config(BaseConfig):
        kind: Literal["repetition"] = Field(
            default="repetition",
            description="Take out documents that say the same thing over and over.",
        )
        max_line_share: float = Field(
            default=0.3, ge=0, le=1, description="Most of a text that may stand in repeated lines."
        )
        max_ngram_share: float = Field(
            default=0.3,
            ge=0,
            le=1,
            description="Most of a text that may stand in repeated n-grams.",
        )
        num_words: int = Field(default=5, ge=2, le=20, description="Words of an n-gram.")

    def look(self, document: Document) -> Verdict:
        lines = [line.strip() for line in document.text.split("\n") if line.strip()]
        share = _repeated(lines)
        if share > self.config.max_line_share:
            return Removed(f"{share:.0%} of it stands in repeated lines")
        words, n = document.text.split(), self.config.num_words
        share = _covered(words, n)
        if share > self.config.max_ngram_share:
            return Removed(f"{share:.0%} of it stands in repeated runs of {n} words")
        return None


def _repeated(pieces: list[str]) -> float:
    """The share of characters in pieces that stood there before."""
    total = sum(map(len, pieces))
    counts = Counter(pieces)
    return sum((num - 1) * len(piece) for piece, num in counts.items()) / max(total, 1)


def _covered(words: list[str], n: int) -> float:
    """The share of characters in words that a repeated run of `n` covers; the first one counts as new."""
    runs = list(zip(*(words[at:] for at in range(n)), strict=False))
    if len(set(runs)) == len(runs):
        return 0.0
    seen: set[tuple[str, ...]] = set()
    covered, until = 0, 0
    for at, run in enumerate(runs):
        if run in seen:
            covered += sum(map(len, words[max(at, until) : at + n]))
            until = at + n
        seen.add(run)
    return covered / max(sum(map(len, words)), 1)
