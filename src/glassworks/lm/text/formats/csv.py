"""Tables as text: comma, semicolon or tab between the cells, the first line names the columns.

The separator is the one that divides the head into most cells. A cell may have 16 MB.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glassworks.common.errors import BadData
from glassworks.lm.text.files import stream_text
from glassworks.lm.text.formats._rows import extracts
from glassworks.lm.text.formats.base import Extract, Format, ReadOptions

SEPARATORS = ",;\t|"
MAX_CELL = 16 << 20
MAX_COLUMNS = 10_000


class Csv(Format):
    """Tables as text."""

    title = "table"
    endings = (".csv", ".tsv")
    is_rows = True

    @staticmethod
    def read(path: Path, options: ReadOptions) -> Iterator[Extract]:
        return extracts(enumerate(_rows(path), start=2), options.mapping, "row")

    @staticmethod
    def rows(path: Path) -> Iterator[dict[str, Any]]:
        return _rows(path)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(MAX_CELL)
    lines = _lines(path)
    head = next(lines)
    separator = max(SEPARATORS, key=lambda one: (head.count(one), -SEPARATORS.index(one)))
    try:
        columns = [
            name.strip() for name in next(csv.reader([head], delimiter=separator, strict=True))
        ]
        _check_columns(columns, path)
        for cells in csv.reader(lines, delimiter=separator, strict=True):
            if cells:
                yield dict(zip(columns, cells, strict=False))
    except csv.Error as error:
        raise BadData(
            "malformed-table",
            f"{path.name} is no table: {error}.",
            "Save it anew as CSV with quoted cells, or leave it out.",
            str(path),
        ) from error


def _check_columns(columns: list[str], path: Path) -> None:
    if len(columns) > MAX_COLUMNS or len(set(columns)) < len(columns):
        what = (
            "more columns than can be" if len(columns) > MAX_COLUMNS else "two columns of one name"
        )
        raise BadData(
            "malformed-table",
            f"The first line of {path.name} has {what}.",
            "The first line has to name each column once.",
            str(path),
        )


def _lines(path: Path) -> Iterator[str]:
    """Lines with their ends, for `csv` has to see those that stand inside of quotes."""
    held = ""
    for piece in stream_text(path):
        *whole, held = (held + piece).split("\n")
        yield from (line + "\n" for line in whole)
        if len(held) > MAX_CELL:
            raise BadData(
                "line-too-long",
                f"{path.name} has a line of more than {MAX_CELL:,} characters.",
                "Is it a table? Save it as CSV, one row a line.",
                str(path),
            )
    if held:
        yield held
