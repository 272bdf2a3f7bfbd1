"""Where a text holds the words that were searched, and the piece of it that shows most of them.

In: a text, and terms: words that follow each other, the last of which may be only a beginning. Out: a window of the text, and
the places of the terms in it. Words are cut and compared as the index does it (SQLite's `unicode61`): runs of letters and digits,
without case and accents; of Chinese and Japanese each character is one. Unusual: of a text with very many hits only the first ones are weighed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from glassworks.specs.description import HAN_OR_KANA

_LETTER = f"[^\\W_{HAN_OR_KANA}]"
WORD = re.compile(f"[{HAN_OR_KANA}]|{_LETTER}(?:{_LETTER}|[\u0300-\u0331])*")
"""One character of Chinese or Japanese; or a letter or digit, then such or accents of their own."""
MAX_HITS = 1_000
LEAD = 0.25
"""Share of the window that stands before the first hit."""


@dataclass(frozen=True)
class Term:
    """Words that follow each other, folded; with `is_prefix` the last one is the beginning of a word."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True)
class Snippet:
    """A piece of a text from `start` on; `marks`: (begin, end) of each hit in it. Places in characters (code points)."""

    start: int
    text: str
    marks: tuple[tuple[int, int], ...]


def make_term(text: str, is_prefix: bool = False) -> Term:
    """The words of `text` as one term."""
    return Term(tuple(fold(match.group()) for match in WORD.finditer(text)), is_prefix)


def make_snippet(text: str, terms: list[Term], width: int) -> Snippet:
    """The piece with the most different terms, the first one of these; the beginning where none is found."""
    hits = list(islice(find(text, terms), MAX_HITS))
    start = max(0, _best(hits, width) - int(width * LEAD)) if hits else 0
    start = _at_word(text, start)
    end = min(len(text), start + width)
    inside = [(a - start, b - start) for a, b, _ in hits if start <= a and b <= end]
    return Snippet(start, text[start:end], tuple(_merged(inside)))


def find(text: str, terms: list[Term]) -> Iterator[tuple[int, int, int]]:
    """(begin, end, number of the term) of each hit, by where it begins."""
    longest = max((len(term.words) for term in terms), default=0)
    recent: list[tuple[str, int, int]] = []
    for match in WORD.finditer(text):
        recent.append((fold(match.group()), match.start(), match.end()))
        if len(recent) == longest:
            yield from _beginning_at(recent, terms)
            recent.pop(0)
    while recent:
        yield from _beginning_at(recent, terms)
        recent.pop(0)


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFD", word.lower())
    return "".join(c for c in plain if unicodedata.category(c) != "Mn")


def _beginning_at(
    words: list[tuple[str, int, int]], terms: list[Term]
) -> Iterator[tuple[int, int, int]]:
    for number, term in enumerate(terms):
        num = len(term.words)
        if 0 < num <= len(words) and _fits(term, [word for word, _, _ in words[:num]]):
            yield words[0][1], words[num - 1][2], number


def _fits(term: Term, words: list[str]) -> bool:
    *first, last = term.words
    if words[:-1] != first:
        return False
    return words[-1].startswith(last) if term.is_prefix else words[-1] == last


def _best(hits: list[tuple[int, int, int]], width: int) -> int:
    """Where the window begins that holds the most different terms; the last quarter is for what stands before it."""
    room = int(width * (1 - LEAD))
    inside: Counter[int] = Counter()
    best, found, end = hits[0][0], 0, 0
    for begin, _, number in hits:
        while end < len(hits) and hits[end][1] <= begin + room:
            inside[hits[end][2]] += 1
            end += 1
        if (num := sum(1 for count in inside.values() if count > 0)) > found:
            best, found = begin, num
        inside[number] -= 1
    return best


def _at_word(text: str, start: int) -> int:
    """The beginning of the next word, if one is near: a snippet does not begin inside of one."""
    if start == 0 or not text[start - 1 : start + 1].isalnum():
        return start
    match = re.compile(r"\W").search(text, start, start + 30)
    return match.end() if match else start


def _merged(marks: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """In order, without overlaps."""
    last: tuple[int, int] | None = None
    for begin, end in sorted(marks):
        if last is not None and begin < last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last is not None:
            yield last
        last = (begin, end)
    if last is not None:
        yield last
