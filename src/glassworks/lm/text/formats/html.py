"""HTML: what a person would read of a page. Scripts, styles and forms are left out, blocks become lines.

Read with the standard library's parser, which fetches nothing and expands no entities but characters.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from glassworks.lm.text.files import stream_text
from glassworks.lm.text.formats.base import Extract, Format, ReadOptions

SKIPPED = {"script", "style", "noscript", "template", "svg", "math", "select", "button", "head"}
BREAKS = {
    "p",
    "div",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "aside",
    "nav",
    "blockquote",
    "pre",
    "figure",
}
BREAKS |= {"table", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "form", "body"}
LINES = {"br", "li", "tr", "dt", "dd", "option", "figcaption", "caption"}


KEPT = "\x00"
"""Begins a line whose blanks are part of it; no text holds this byte."""


class Html(Format):
    """Web pages."""

    title = "HTML"
    endings = (".html", ".htm", ".xhtml")

    @staticmethod
    def looks_like(head: bytes) -> bool:
        begin = head.lstrip()[:200].lower()
        return begin.startswith((b"<!doctype html", b"<html"))

    @staticmethod
    def read(path: Path, options: ReadOptions) -> Iterator[Extract]:
        reader = _Reader()
        for piece in stream_text(path):
            reader.feed(piece)
        reader.close()
        meta = {"title": reader.title.strip()} if reader.title.strip() else {}
        yield Extract(reader.text(), meta=meta)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self._parts: list[str] = []
        self._skipping: list[str] = []
        self._is_title = False
        self._num_pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._is_title = True
        elif tag == "body":
            self._skipping.clear()  # a head that was never closed ends here
        elif tag in SKIPPED:
            self._skipping.append(tag)
        if tag == "pre":
            self._num_pre += 1
        self._break(tag)
        if tag in ("td", "th"):
            self._parts.append("\t")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._is_title = False
        elif tag in self._skipping:
            del self._skipping[self._skipping.index(tag) :]
        if tag == "pre":
            self._num_pre = max(0, self._num_pre - 1)
        if tag in BREAKS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._is_title:
            self.title += data
        elif not self._skipping:
            self._parts.append(_kept(data) if self._num_pre else re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if not self._skipping and tag in BREAKS:
            self._parts.append("\n\n")
        elif not self._skipping and tag in LINES:
            self._parts.append("\n")

    def text(self) -> str:
        """Lines without margins (but what was set as it stands), at most one empty line between two."""
        lines = [line.strip(" \t").replace(KEPT, "") for line in "".join(self._parts).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]*\t[ \t]*", "\t", "\n".join(lines))).strip(
            "\n"
        )


def _kept(data: str) -> str:
    return KEPT + data.replace("\n", f"\n{KEPT}")
