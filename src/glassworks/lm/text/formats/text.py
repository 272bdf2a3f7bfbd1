"""Plain text, UTF-8: the whole file is one text."""

from collections.abc import Iterator
from pathlib import Path

from glassworks.lm.text.files import stream_text
from glassworks.lm.text.formats.base import Extract, Format, ReadOptions


class Text(Format):
    """Plain text."""

    title = "text"
    endings = (".txt", ".text", ".log")

    @staticmethod
    def read(path: Path, options: ReadOptions) -> Iterator[Extract]:
        yield Extract("".join(stream_text(path)))
