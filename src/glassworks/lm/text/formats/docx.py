"""Word documents: paragraphs as lines, headings set off, tables as rows with tabs between the cells.

A .docx is a zip of XML: it is unpacked only after its real sizes were counted, and the XML parser expands no entities.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax import SAXException

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from glassworks.common.errors import BadData
from glassworks.lm.text.archives import check_zip
from glassworks.lm.text.formats.base import Extract, Format, ReadOptions

MAX_BYTES = 512 << 20


class Docx(Format):
    """Word documents."""

    title = "Word"
    endings = (".docx",)

    @staticmethod
    def read(path: Path, options: ReadOptions) -> Iterator[Extract]:
        try:
            check_zip(path, min(MAX_BYTES, options.max_bytes))
            document = docx.Document(str(path))
            text = "\n\n".join(_blocks(document))
        except (
            KeyError,
            ValueError,
            AttributeError,
            TypeError,
            RecursionError,
            OSError,
            zipfile.BadZipFile,
            LxmlError,
            SAXException,
        ) as error:
            raise BadData(
                "damaged-document",
                f"{path.name} is no Word document that can be read: {str(error)[:200]}",
                "Save it anew as .docx, or leave it out.",
                str(path),
            ) from error
        title = (document.core_properties.title or "").strip()
        yield Extract(text, meta={"title": title} if title else {})


def _blocks(document: Any) -> Iterator[str]:
    for element in document.element.body.iterchildren():
        if element.tag == qn("w:p"):
            if text := Paragraph(element, document).text.strip():
                yield text
        elif element.tag == qn("w:tbl") and (text := _table(Table(element, document))):
            yield text


def _table(table: Table) -> str:
    rows = []
    for row in table.rows:
        seen: list[Any] = []  # a merged cell comes once for each column that it covers
        for cell in row.cells:
            if not seen or cell._tc is not seen[-1]._tc:
                seen.append(cell)
        rows.append("\t".join(" ".join(cell.text.split()) for cell in seen).rstrip("\t"))
    return "\n".join(row for row in rows if row)
