"""A dataset as one file that other programs read: JSON lines, CSV, parquet, plain text.

In: a dataset and a binary stream, which is only written to, never sought in. Out: the documents in order; a few megabytes are
held at a time. Unusual: CSV is for spreadsheets, which take a cell for a formula when it begins with = + - @, a tab or a carriage
return; such cells get an apostrophe in front. The other formats hold every text as it is.
"""

import csv
import io
import json
from collections.abc import Callable
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from glassworks.lm.data.documents import COLUMNS, SCHEMA, DatasetReader, Document, open_table

FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
CSV_COLUMNS = ("id", "source", "group", "text", "meta")
Out = IO[bytes]


def export_jsonl(dataset: DatasetReader, out: Out) -> None:
    """One object a line: `{"id", "text", "source", "group", "meta"}`."""
    for document in dataset:
        fields = {name: getattr(document, name) for name in COLUMNS}
        out.write(json.dumps(fields, ensure_ascii=False).encode() + b"\n")


def export_csv(dataset: DatasetReader, out: Out) -> None:
    """RFC 4180 with a line of names; `meta` as JSON. Begins of formulas are defused."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(CSV_COLUMNS)
    for document in dataset:
        writer.writerow([defused(cell) for cell in _cells(document)])
        out.write(buffer.getvalue().encode())
        buffer.seek(0)
        buffer.truncate()
    out.write(buffer.getvalue().encode())  # the names alone, when there is no document


def export_parquet(dataset: DatasetReader, out: Out) -> None:
    """One file with the columns of a dataset, its row groups one after another."""
    with pq.ParquetWriter(
        pa.PythonFile(out, mode="w"),
        SCHEMA,
        compression="zstd",
        use_dictionary=False,
        store_schema=False,
    ) as writer:
        for group in dataset.row_groups():
            table = open_table(group.path).read_row_group(group.number, columns=list(COLUMNS))
            writer.write_table(table.cast(SCHEMA))


def export_txt(dataset: DatasetReader, out: Out) -> None:
    """The texts alone, an empty line between two."""
    for number, document in enumerate(dataset):
        out.write((b"\n" if number else b"") + document.text.rstrip("\n").encode() + b"\n")


EXPORTS: dict[str, Callable[[DatasetReader, Out], None]] = {
    "jsonl": export_jsonl,
    "csv": export_csv,
    "parquet": export_parquet,
    "txt": export_txt,
}


def defused(cell: str) -> str:
    """The cell, with an apostrophe in front when a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_BEGINNINGS) else cell


def _cells(document: Document) -> list[Any]:
    meta = json.dumps(document.meta, ensure_ascii=False) if document.meta else ""
    return [document.id, document.source, document.group, document.text, meta]
