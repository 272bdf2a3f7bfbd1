"""What of a text stands word for word in other texts: all longest stretches, where they stand, how often, and among what.

In: indexes (`index.py`) and a text. Out: `Copies`. A stretch is given when it has at least so many characters, stands in an indexed
text exactly so, and could be made longer on neither side. Two of them may overlap, as the end of one and the beginning of the
next; the share that is copied counts each character once.

How: for each character the longest stretch that begins there (`Piece.longest`, a binary search of log n comparisons). Where that ends no
later than the stretch of the character before, it only lies inside that one. So m characters cost m log n comparisons.

What a share means is told by comparison: `find_share` of texts that nobody generated, of the same length, says how much stands in the
indexed text by chance: names, headings, figures of speech.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from glassworks.lm.data.documents import DatasetReader, Document
from glassworks.lm.data.suffix.index import Piece, TextIndex

MIN_CHARACTERS = 20
NUM_PLACES = 5
AROUND = 120
UTF8_BYTES = 4
"""Most bytes of a character."""


@dataclass(frozen=True)
class Place:
    """Where a stretch stands: in which index, in which document of it (counted from 0), from which character on."""

    index: int
    ordinal: int
    document: str
    source: str
    offset: int
    before: str
    after: str


@dataclass(frozen=True)
class CopiedSpan:
    """Characters `start` to `stop` of the text stand `num_times` in the indexed texts; the first places are given."""

    start: int
    stop: int
    num_times: int
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Copies:
    """What of a text is copied; `spans` in their order."""

    num_characters: int
    num_copied: int
    spans: tuple[CopiedSpan, ...]

    @property
    def share(self) -> float:
        return self.num_copied / max(1, self.num_characters)


def find_copies(
    indexes: Sequence[TextIndex],
    text: str,
    min_characters: int = MIN_CHARACTERS,
    num_places: int = NUM_PLACES,
    around: int = AROUND,
) -> Copies:
    """All longest stretches of `text` of at least `min_characters` that stand in the indexed texts."""
    found = [
        _span(indexes, text, start, stop, num_places, around)
        for start, stop in longest_stretches(indexes, text, min_characters)
    ]
    covered = count_covered((span.start, span.stop) for span in found)
    return Copies(len(text), covered, tuple(found))


def find_share(
    indexes: Sequence[TextIndex], texts: Sequence[str], min_characters: int = MIN_CHARACTERS
) -> float:
    """Share of the characters of these texts that is copied."""
    covered = sum(count_covered(longest_stretches(indexes, text, min_characters)) for text in texts)
    return covered / max(1, sum(map(len, texts)))


def longest_stretches(
    indexes: Sequence[TextIndex], text: str, min_characters: int
) -> Iterator[tuple[int, int]]:
    """(start, stop) in characters, by their starts; each stands in the indexed texts and cannot be made longer."""
    pieces = [piece for index in indexes for piece in index.pieces]
    query = text.encode()
    begins = [0, *np.cumsum([len(character.encode()) for character in text]).tolist()]
    character_at = {begin: number for number, begin in enumerate(begins)}
    reached = 0
    for start in range(len(text)):
        end = begins[start] + max((p.longest(query, begins[start]) for p in pieces), default=0)
        while end not in character_at:  # half a character is none
            end -= 1
        stop = character_at[end]
        if stop > reached and stop - start >= min_characters:
            yield start, stop
        reached = max(reached, stop)


def plain_stretches(
    documents: Sequence[str], text: str, min_characters: int
) -> list[tuple[int, int]]:
    """The same by trying every stretch: to read and to test by."""

    def stands(start: int, stop: int) -> bool:
        whole = start >= 0 and stop <= len(text)
        return whole and any(text[start:stop] in document for document in documents)

    return [
        (start, stop)
        for start in range(len(text))
        for stop in range(start + min_characters, len(text) + 1)
        if stands(start, stop) and not stands(start - 1, stop) and not stands(start, stop + 1)
    ]


def count_covered(stretches: Iterator[tuple[int, int]]) -> int:
    """How many characters lie in at least one of the stretches, which come by their starts."""
    num, reached = 0, 0
    for start, stop in stretches:
        num += max(0, stop - max(start, reached))
        reached = max(reached, stop)
    return num


def passages(dataset: DatasetReader, num_characters: int, num: int) -> list[list[str]]:
    """`num` passages of so many characters each, spread evenly over a dataset; one is a list, as it may take several documents.

    Where documents are few and long, several begin in one; where they are short, a passage takes the next ones too.
    """
    total = dataset.num_documents
    places = [(number + 0.5) / num * total for number in range(num if total else 0)]
    known = dict(dataset.at({int(place) for place in places}))
    found = []
    for place in places:
        first, left = int(place), num_characters
        texts: list[str] = []
        for ordinal in range(first, total):
            text = _text(dataset, ordinal, known)
            begin = int((place - first) * max(0, len(text) - left)) if ordinal == first else 0
            texts.append(text[begin : begin + left])
            left -= len(texts[-1])
            if left <= 0:
                break
        found.append(texts)
    return found


def _text(dataset: DatasetReader, ordinal: int, known: dict[int, Document]) -> str:
    if ordinal not in known:
        known |= dict(dataset.at([ordinal]))
    return known[ordinal].text


def _span(
    indexes: Sequence[TextIndex], text: str, start: int, stop: int, num_places: int, around: int
) -> CopiedSpan:
    pattern = text[start:stop].encode()
    num_times = 0
    places: list[Place] = []
    for number, index in enumerate(indexes):
        for piece in index.pieces:
            where = piece.places(pattern)
            num_times += len(where)
            for place in np.sort(where)[: num_places - len(places)].tolist():
                places.append(_place(number, index, piece, place, len(pattern), around))
    return CopiedSpan(start, stop, num_times, tuple(places))


def _place(
    number: int, index: TextIndex, piece: Piece, place: int, size: int, around: int
) -> Place:
    ordinal, begin = index.document_at(piece, place)
    document, source = index.name_of(ordinal)
    before = piece.text[max(begin, place - UTF8_BYTES * around) : place]
    after = piece.text[place + size : place + size + UTF8_BYTES * around]
    after = after.partition(b"\xff")[0]  # the document ends there
    return Place(
        index=number,
        ordinal=ordinal,
        document=document,
        source=source,
        offset=len(piece.text[begin:place].decode()),
        before=before.decode(errors="ignore")[-around:],
        after=after.decode(errors="ignore")[:around],
    )
