"""Cutting a text into words before anything is merged, by GPT-2's rules, as plain code.

In: a text. Out: its pieces in order; put together they are the text again. The rules, first match wins:

    1. an English ending:        's 't 're 've 'm 'll 'd
    2. letters, digits, or other signs in a row, each with the one space before them if there is one
    3. spaces in a row; before a word they leave the last one to it

GPT-2 writes them as one regular expression, `GPT2_PATTERN`; the libraries run that, and the tests compare.
Unusual: which characters are letters changes with each edition of Unicode. Characters that this Python does not know yet
are looked up in the `tokenizers` library, so that both cut alike.
Source: Radford et al., "Language Models are Unsupervised Multitask Learners" (2019).
"""

import unicodedata
from functools import cache

from tokenizers import Regex, pre_tokenizers

GPT2_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
ENDINGS = ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d")
WHITE_SPACE = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""Unicode's White_Space. (`str.isspace` counts four control characters more.)"""
LETTER, NUMBER, SPACE, OTHER = "letter", "number", "space", "other"


def cut_into_pieces(text: str) -> list[str]:
    """The words of `text`, spaces included: `" to be's  it"` gives `[" to", " be", "'s", " ", " it"]`."""
    pieces = []
    start = 0
    while start < len(text):
        end = piece_end(text, start)
        pieces.append(text[start:end])
        start = end
    return pieces


def piece_end(text: str, start: int) -> int:
    """Where the piece that begins at `start` ends."""
    if text[start] == "'":
        for ending in ENDINGS:
            if text.startswith(ending, start):
                return start + len(ending)
    has_space_before = text[start] == " " and start + 1 < len(text)
    first = start + 1 if has_space_before else start
    kind = kind_of(text[first])
    if kind != SPACE:
        return run_end(text, first, kind)
    end = run_end(text, start, SPACE)
    is_before_word = end < len(text)
    return end - 1 if is_before_word and end - start > 1 else end


def run_end(text: str, start: int, kind: str) -> int:
    """The end of the run of characters of one kind that begins at `start`."""
    end = start + 1
    while end < len(text) and kind_of(text[end]) == kind:
        end += 1
    return end


@cache
def kind_of(character: str) -> str:
    """Letter, number, space or other, by Unicode's general category."""
    if character in WHITE_SPACE:
        return SPACE
    category = unicodedata.category(character)
    if category == "Cn":  # a character newer than this Python, or none
        return _kind_by_library(character)
    return {"L": LETTER, "N": NUMBER}.get(category[0], OTHER)


_WITHOUT = {
    LETTER: pre_tokenizers.Split(Regex(r"\p{L}"), "removed"),
    NUMBER: pre_tokenizers.Split(Regex(r"\p{N}"), "removed"),
}


def _kind_by_library(character: str) -> str:
    for kind, without in _WITHOUT.items():
        if not without.pre_tokenize_str(character):
            return kind
    return OTHER
