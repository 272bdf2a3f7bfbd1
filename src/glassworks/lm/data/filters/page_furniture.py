"""Take out lines that stand on every page and say nothing: headers, footers, page numbers, menus, notices.

Two kinds, found in two ways. **Of pages**: a line at the upper or lower edge of many pages of one PDF, digits aside, so that
`12 / 40` and `13 / 40` are the same; for a PDF read whole (`pages` in its meta), a line at the edge of its blocks that comes on
many pages. **Of documents**: a line that stands, letter for letter, in a large share of the documents of one source or of the
whole dataset, as the menu of a web page does; a short one is left, for `}` and `Yes.` are in many texts and belong there.

Unusual: it looks ahead. `survey` counts lines of all documents, as they came before any step, in fixed memory (a sketch, see
`lm/data/sketch.py`; what it may count too high is taken off, so in a very large dataset small sources are left rather than
wrongly cut) and, for pages, on disk. Conversations are left alone. Word keeps headers and footers apart from its text, so of a
Word document only the second kind is ever found.
"""

import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import Changed, Removed, SurveyingFilter, Verdict
from glassworks.lm.data.sketch import CountSketch, keys_of, scoped
from glassworks.specs.base import Config as BaseConfig

DIGITS = re.compile(r"\d+")
NUM_EDGE_LINES = 2
"""Lines from a page's edge that may be furniture."""
MIN_PAGES = 3
SHOWN_CHARACTERS = 60
PAGES, SKETCH, NUMBER = "pages.sqlite", "lines.npy", "documents.txt"
"""What a survey keeps: lines of pages, counts of lines of documents, how many documents."""


class PageFurniture(SurveyingFilter):
    """Take out headers, footers, page numbers and lines that most documents share."""

    libraries = ("numpy",)

    class Config(BaseConfig):
        kind: Literal["page_furniture"] = Field(
            default="page_furniture",
            description="Take out headers, footers, page numbers and lines that most documents share.",
        )
        page_share: float = Field(
            default=0.3,
            gt=0,
            le=1,
            description="Share of a file's pages that a line at their edge stands on, at least three.",
        )
        document_share: float = Field(
            default=0.3,
            gt=0,
            le=1,
            description="Share of the documents of a source, or of all, that a line stands in.",
        )
        min_documents: int = Field(
            default=5, ge=2, description="With fewer documents that have a line, it is left."
        )
        min_characters: int = Field(
            default=20,
            ge=1,
            description="Shortest line that is taken out for standing in documents.",
        )

    def __init__(self, config: Any, scratch: Path) -> None:
        super().__init__(config, scratch)
        self._sketch = CountSketch()
        self._num_documents = 0
        self._pages = sqlite3.connect(scratch / PAGES)
        self._pages.execute("PRAGMA synchronous = OFF")
        self._pages.execute(
            "CREATE TABLE IF NOT EXISTS furniture (key BLOB PRIMARY KEY) WITHOUT ROWID"
        )
        self._source, self._num_pages = "", 0
        self._edges: Counter[str] = Counter()

    def survey(self, document: Document) -> None:
        if "messages" in document.meta:
            return
        if "page" in document.meta:
            self._survey_page(document)
        keys = keys_of([*self._countable(document.text), ""])  # the empty one counts documents
        self._num_documents += 1
        self._sketch.add(keys[:-1])
        self._sketch.add(scoped(keys, document.source))

    def keep(self) -> None:
        self._end_source()
        self._pages.commit()
        self._sketch.save(self.scratch / SKETCH)
        (self.scratch / NUMBER).write_text(str(self._num_documents), encoding="utf-8")

    @classmethod
    def kept(cls, config: Any, scratch: Path) -> "PageFurniture":
        one = cls(config, scratch)
        one._sketch = CountSketch.load(scratch / SKETCH)
        one._num_documents = int((scratch / NUMBER).read_text(encoding="utf-8"))
        return one

    def look(self, document: Document) -> Verdict:
        if "messages" in document.meta:
            return None
        lines = document.text.split("\n")
        numbers = self._of_documents(lines, document.source)
        if "page" in document.meta:
            edges = _edges(lines, range(1))
            numbers |= {n for n in edges if self._is_of_page(document.source, lines[n])}
        elif document.meta.get("pages", 0) >= MIN_PAGES:
            numbers |= self._of_blocks(lines, document.meta["pages"])
        return _without(document.text, lines, numbers) if numbers else None

    def close(self) -> None:
        self._pages.close()

    # --- lines of documents ---

    def _countable(self, text: str) -> list[str]:
        lines = dict.fromkeys(line.strip() for line in text.split("\n"))
        return [line for line in lines if len(line) >= self.config.min_characters]

    def _of_documents(self, lines: list[str], source: str) -> set[int]:
        """Numbers of the lines that many documents have."""
        long = [
            n for n, line in enumerate(lines) if len(line.strip()) >= self.config.min_characters
        ]
        if not long or not self._num_documents:
            return set()
        keys = keys_of([*(lines[n].strip() for n in long), ""])
        everywhere_N = self._sketch.counts(keys[:-1]).astype(np.int64) - self._sketch.noise
        of_source_N = self._sketch.counts(scoped(keys, source)).astype(np.int64)
        in_source_N, num_in_source = of_source_N[:-1] - self._sketch.noise, int(of_source_N[-1])
        is_common_N = (everywhere_N >= self._least(self._num_documents)) | (
            in_source_N >= self._least(num_in_source)
        )
        return {long[n] for n in np.flatnonzero(is_common_N)}

    def _least(self, num_documents: int) -> float:
        share = float(self.config.document_share)
        return max(float(self.config.min_documents), share * num_documents)

    # --- lines of pages ---

    def _survey_page(self, page: Document) -> None:
        if page.source != self._source:
            self._end_source()
            self._source = page.source
        self._num_pages += 1
        lines = page.text.split("\n")
        self._edges.update({_shape(lines[n]) for n in _edges(lines, range(1))})

    def _end_source(self) -> None:
        """All pages of a file were seen: remember which lines are furniture there."""
        if not self._num_pages:
            return
        found = [line for line, n in self._edges.items() if n >= self._least_pages(self._num_pages)]
        keys = [(key.tobytes(),) for key in scoped(keys_of(found), self._source)]
        self._pages.executemany("INSERT OR IGNORE INTO furniture VALUES (?)", keys)
        self._source, self._num_pages = "", 0
        self._edges.clear()

    def _is_of_page(self, source: str, line: str) -> bool:
        key = scoped(keys_of([_shape(line)]), source).tobytes()
        found = self._pages.execute("SELECT 1 FROM furniture WHERE key = ?", (key,)).fetchone()
        return found is not None

    def _of_blocks(self, lines: list[str], num_pages: int) -> set[int]:
        """The same for a file that was read whole: where its pages end is not known any more, where its blocks end is."""
        begins = [0, *(n + 1 for n, line in enumerate(lines) if not line.strip())]
        edges = _edges(lines, begins)
        counts = Counter(_shape(lines[n]) for n in edges)
        least = self._least_pages(num_pages)
        return {n for n in edges if counts[_shape(lines[n])] >= least}

    def _least_pages(self, num_pages: int) -> float:
        return max(float(MIN_PAGES), float(self.config.page_share) * num_pages)


def _shape(line: str) -> str:
    """A line as it looks on every page: digits are one mark."""
    return DIGITS.sub("#", " ".join(line.split())).casefold()


def _edges(lines: list[str], begins: Any) -> list[int]:
    """Numbers of the lines near the upper or lower edge of the blocks that begin at `begins`; empty lines do not count."""
    starts = list(begins)
    found: set[int] = set()
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        filled = [n for n in range(start, stop) if lines[n].strip()]
        found.update(filled[:NUM_EDGE_LINES])
        found.update(filled[-NUM_EDGE_LINES:])
    return sorted(found)


def _without(text: str, lines: list[str], numbers: set[int]) -> Verdict:
    kept = "\n".join(line for n, line in enumerate(lines) if n not in numbers)
    first = min(numbers)
    begin = sum(len(line) + 1 for line in lines[:first])
    span = (begin, begin + len(lines[first]))
    shown = lines[first].strip()[:SHOWN_CHARACTERS]
    noun = "line" if len(numbers) == 1 else "lines"
    reason = f"{len(numbers)} {noun} of page furniture: {shown}"
    if not kept.strip():
        return Removed(reason, span)
    return Changed(re.sub(r"\n{3,}", "\n\n", kept).strip("\n"), reason, span)
