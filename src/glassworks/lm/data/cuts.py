"""Ways to cut a text into documents: not at all, at empty lines, at line ends, or into passages of some paragraphs.

In: a text in pieces, as it is read. Out: documents' texts, without the empty ones. Of the text no more is held than one
document and a piece. Passages suit a text of any kind: they are long enough to learn from, and there are enough of them to
hold some out.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

Cut = Literal["none", "paragraphs", "lines", "passages"]
SEPARATOR: dict[Cut, str] = {"paragraphs": "\n\n", "lines": "\n"}
PASSAGE_ENDS = ("\n\n", "\n", ". ", " ")
"""Where a passage may end, the best place first."""


def cut_text(pieces: Iterable[str], cut: Cut, passage_characters: int) -> Iterator[str]:
    """The documents that a text is cut into; with `none` the text as it is."""
    if cut == "none":
        yield "".join(pieces)
    elif cut == "passages":
        yield from _passages(pieces, passage_characters)
    else:
        yield from _between(pieces, SEPARATOR[cut])


def _between(pieces: Iterable[str], separator: str) -> Iterator[str]:
    """Non-empty texts between separators, without them."""
    held = ""
    for block in pieces:
        *whole, held = (held + block).split(separator)
        yield from (piece.strip("\n") for piece in whole if piece.strip())
    if held.strip():
        yield held.strip("\n")


def _passages(pieces: Iterable[str], num_characters: int) -> Iterator[str]:
    """Texts of `num_characters` up to twice as many, each ended at the best place; the last one may be shorter."""
    held = ""
    for block in pieces:
        held, start = held + block, 0
        while len(held) - start > 2 * num_characters:
            end = _passage_end(held, start, num_characters)
            yield from _without_margins(held[start:end])
            start = end
        held = held[start:]
    yield from _without_margins(held)


def _passage_end(text: str, start: int, num_characters: int) -> int:
    low, high = start + num_characters, start + 2 * num_characters
    for mark in PASSAGE_ENDS:
        at = text.find(mark, low, high)
        if at >= 0:
            return at + len(mark)
    return high


def _without_margins(text: str) -> Iterator[str]:
    if text.strip():
        yield text.strip("\n")
