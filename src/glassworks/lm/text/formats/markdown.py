"""Markdown as it was written: its marks are text that a model may learn. Only a head of settings (`---`) is left out."""

import re
from collections.abc import Iterator
from pathlib import Path

from glassworks.lm.text.files import read_text
from glassworks.lm.text.formats.base import Extract, Format, ReadOptions

FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n+", re.DOTALL)


class Markdown(Format):
    """Markdown."""

    title = "Markdown"
    endings = (".md", ".markdown")

    @staticmethod
    def read(path: Path, options: ReadOptions) -> Iterator[Extract]:
        yield Extract(FRONT_MATTER.sub("", read_text(path), count=1))
