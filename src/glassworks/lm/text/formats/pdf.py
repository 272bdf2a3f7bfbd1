"""PDF: the text of its pages, in the order in which the file has it.

A page that is a picture has no text; a file without any is refused, with what can be done. Streams that unpack to more than
`max_bytes` are refused by pypdf's own limits.
"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
from pypdf.errors import LimitReachedError, PyPdfError

from glassworks.common.errors import BadData
from glassworks.lm.text.formats.base import Extract, Format, ReadOptions

MAX_PAGES = 20_000


class Pdf(Format):
    """PDF documents."""

    title = "PDF"
    endings = (".pdf",)

    @staticmethod
    def looks_like(head: bytes) -> bool:
        return b"%PDF-" in head[:1024]

    @staticmethod
    def read(path: Path, options: ReadOptions) -> Iterator[Extract]:
        logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells of every small fault
        pages = _pages(path)
        if options.pages == "apart":
            yield from (Extract(text, f"page {number}", {"page": number}) for number, text in pages)
            return
        texts = [text for _, text in pages]
        yield Extract("\n\n".join(texts), meta={"pages": len(texts)})


def _pages(path: Path) -> Iterator[tuple[int, str]]:
    """Number and text of each page that has any. Raises BadData."""
    num_found, num_pages = 0, 0
    try:
        with path.open("rb") as file:
            reader = pypdf.PdfReader(file)
            _check(reader, path)
            num_pages = len(reader.pages)
            for number, page in enumerate(reader.pages, start=1):
                if text := _tidy(page.extract_text()):
                    num_found += 1
                    yield number, text
    except LimitReachedError as error:
        raise BadData(
            "file-too-large", **_told(path, f"unpacks to more than may be ({error})")
        ) from error
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        AssertionError,
        RecursionError,
        OSError,
    ) as error:
        raise BadData(
            "damaged-pdf", **_told(path, f"cannot be read: {str(error)[:200]}")
        ) from error
    if not num_found:
        pictures = (
            "its page is a picture" if num_pages == 1 else f"its {num_pages:,} pages are pictures"
        )
        raise BadData(
            "no-text-in-pdf",
            f"{path.name} has no text: {pictures} of paper.",
            "Run text recognition over it first (for instance ocrmypdf), or leave it out.",
            str(path),
        )


def _check(reader: Any, path: Path) -> None:
    if reader.is_encrypted and not reader.decrypt(""):
        raise BadData(
            "locked-pdf",
            f"{path.name} needs a password.",
            "Save a copy without one, or leave it out.",
            str(path),
        )
    if len(reader.pages) > MAX_PAGES:
        raise BadData("file-too-large", **_told(path, f"has more than {MAX_PAGES:,} pages"))


def _told(path: Path, what: str) -> dict[str, str]:
    """What a person reads of an error about this file."""
    hint = "Save it anew, or leave it out."
    return {"message": f"{path.name} {what}.", "hint": hint, "where": str(path)}


def _tidy(text: str) -> str:
    """Without trailing blanks; words that were divided at a line's end become whole again."""
    lines = "\n".join(
        line.rstrip() for line in text.replace("\r\n", "\n").replace("\x00", "").split("\n")
    )
    return re.sub(r"(?<=[a-zà-öø-ÿ])-\n(?=[a-zà-öø-ÿ])", "", lines).strip("\n")
