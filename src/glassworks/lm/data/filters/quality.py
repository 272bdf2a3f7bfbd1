"""Take out what hardly reads as prose: tables of numbers, lists of marks, menus.

Rules of thumb on words and marks. Source: Rae et al., "Scaling Language Models: Methods, Analysis & Insights from Training
Gopher" (2021), appendix A.1.1; those that fit any script are used, so no list of English words is.
"""

import re
from typing import Literal

from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import Filter, Removed, Verdict
from glassworks.specs.base import Config as BaseConfig

WORD = re.compile(r"\S+")
LETTER = re.compile(r"[^\W\d_]")
MARKS = ("#", "…", "...")
BULLETS = ("•", "-", "*", "‣", "–")


class Quality(Filter):
    """Take out what hardly reads as prose."""

    class Config(BaseConfig):
        kind: Literal["quality"] = Field(
            default="quality", description="Take out what hardly reads as prose."
        )
        min_words: int = Field(default=10, ge=0, description="Fewest words.")
        max_word_characters: float = Field(
            default=14.0, gt=0, description="Longest mean length of a word, in characters."
        )
        min_letter_share: float = Field(
            default=0.6, ge=0, le=1, description="Least share of words that hold a letter."
        )
        max_mark_share: float = Field(
            default=0.1, ge=0, le=1, description="Most # and ... there may be, for each word."
        )
        max_bullet_share: float = Field(
            default=0.9, ge=0, le=1, description="Most of the lines that may begin as a list does."
        )

    def look(self, document: Document) -> Verdict:
        wish, text = self.config, document.text
        words = WORD.findall(text)
        if len(words) < max(1, wish.min_words):
            return Removed(f"{len(words)} words, fewer than {wish.min_words}")
        mean = sum(map(len, words)) / len(words)
        if mean > wish.max_word_characters:
            return Removed(f"words of {mean:.1f} characters in the mean")
        letters = sum(1 for word in words if LETTER.search(word)) / len(words)
        if letters < wish.min_letter_share:
            return Removed(f"{letters:.0%} of the words hold a letter")
        marks = sum(text.count(mark) for mark in MARKS) / len(words)
        if marks > wish.max_mark_share:
            return Removed(f"{marks:.0%} as many # and ... as words")
        lines = [line for line in text.split("\n") if line.strip()]
        bullets = sum(line.lstrip().startswith(BULLETS) for line in lines) / len(lines)
        if bullets > wish.max_bullet_share and len(lines) > 2:
            return Removed(f"{bullets:.0%} of the lines are of a list")
        return None
