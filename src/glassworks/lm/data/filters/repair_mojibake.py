"""Repair text that was read in the wrong encoding: `GlÃ¤ser` becomes `Gläser`.

UTF-8 that was read as Windows-1252 leaves runs of characters which, turned back into bytes, are UTF-8 again. Only such runs
are touched, and only when all of a run turns back; text that is right holds them hardly ever.
"""

import re
from typing import Literal

from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import Changed, Filter, Verdict
from glassworks.specs.base import Config as BaseConfig

WINDOWS = {bytes([b]).decode("cp1252", "ignore") or chr(b): b for b in range(0x80, 0x100)}
"""A character of Windows-1252, or the control character that stands for an unused place, to its byte."""
_LEADS = "".join(re.escape(c) for c, b in WINDOWS.items() if 0xC2 <= b <= 0xF4)
_TAILS = "".join(re.escape(c) for c, b in WINDOWS.items() if 0x80 <= b <= 0xBF)
RUN = re.compile(f"(?:[{_LEADS}][{_TAILS}]{{1,3}})+")
ROUNDS = 2
"""Some texts went through it twice."""


class RepairMojibake(Filter):
    """Repair text that was read in the wrong encoding."""

    class Config(BaseConfig):
        kind: Literal["repair_mojibake"] = Field(
            default="repair_mojibake",
            description="Repair text that was read in the wrong encoding.",
        )

    def look(self, document: Document) -> Verdict:
        found = None if document.text.isascii() else RUN.search(document.text)
        text = repaired(document.text) if found else document.text
        if found is None or text == document.text:
            return None
        return Changed(text, "read anew as UTF-8", found.span())


def repaired(text: str) -> str:
    """The text with such runs turned back."""
    for _ in range(ROUNDS):
        text = RUN.sub(lambda match: _turned_back(match.group()), text)
    return text


def _turned_back(run: str) -> str:
    try:
        return bytes(WINDOWS[character] for character in run).decode("utf-8")
    except UnicodeDecodeError:
        return run
