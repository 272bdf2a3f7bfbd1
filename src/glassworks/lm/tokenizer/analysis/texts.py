"""Which script a text is written in, and what kind of text it is: a guess by counting characters.

Good enough to group texts for a comparison of tokenizers; no claim about the language.
"""

import re
import unicodedata
from collections import Counter
from typing import Literal

Kind = Literal["prose", "verse", "code", "numbers", "signs"]
SCRIPT_NAMES = {"CJK": "Han", "HIRAGANA": "Japanese", "KATAKANA": "Japanese"}
_CODE_LINE = re.compile(
    r"[{};]\s*$|^\s*(def|class|import|from|return|if .*:|for .*:|#include|//)|=>|==|\(\)"
)


def script_of(text: str) -> str:
    """The script of most letters (`Latin`, `Cyrillic`, `Han` ...), by the first word of their Unicode names."""
    counts = Counter(
        unicodedata.name(character, "UNKNOWN").split(" ")[0].split("-")[0]
        for character in text[:10_000]
        if character.isalpha()
    )
    if not counts:
        return "none"
    if counts["HIRAGANA"] + counts["KATAKANA"] > 0.1 * counts.total():
        return "Japanese"
    first = min(counts, key=lambda name: (-counts[name], name))
    return SCRIPT_NAMES.get(first, first.capitalize())


def kind_of_text(text: str) -> Kind:
    """Numbers and signs by their share of characters, code by its lines, verse by short lines, else prose."""
    sample = text[:10_000]
    visible = [character for character in sample if not character.isspace()] or [" "]
    if sum(character.isnumeric() for character in visible) > 0.3 * len(visible):
        return "numbers"
    lines = [line for line in sample.splitlines() if line.strip()]
    if sum(bool(_CODE_LINE.search(line)) for line in lines) > 0.3 * len(lines):
        return "code"
    if sum(character.isalpha() for character in visible) < 0.4 * len(visible):
        return "signs"
    is_short = [len(line) < 65 for line in lines]
    return "verse" if len(lines) >= 4 and sum(is_short) > 0.8 * len(lines) else "prose"
