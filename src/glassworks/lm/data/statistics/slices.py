"""Documents in slices of a few characters at most, so that memory does not grow with a document.

A slice ends before the last blank that fits, so no word is cut; where there is none for long, it is cut anyway.
"""

from collections.abc import Iterator
from dataclasses import dataclass

PORTION_CHARACTERS = 500_000
SEARCHED = 10_000
"""How far back from a slice's end a blank is looked for."""


@dataclass(frozen=True)
class Slice:
    """A stretch of the document `ordinal`."""

    ordinal: int
    text: str
    is_first: bool
    is_last: bool


def slices_of(text: str, ordinal: int, size: int) -> Iterator[Slice]:
    """The document in slices; an empty one is one slice."""
    begin = 0
    while len(text) - begin > size:
        end = _cut(text, begin, begin + size)
        yield Slice(ordinal, text[begin:end], begin == 0, is_last=False)
        begin = end
    yield Slice(ordinal, text[begin:], begin == 0, is_last=True)


def _cut(text: str, begin: int, end: int) -> int:
    lowest = max(begin + 1, end - SEARCHED)
    place = max(text.rfind(" ", lowest, end), text.rfind("\n", lowest, end))
    return place if place > 0 else end
