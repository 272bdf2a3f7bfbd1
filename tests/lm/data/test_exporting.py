"""A dataset as a file: what other programs read is what it holds."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from glassworks.lm.data import DatasetReader, DatasetWriter, Document
from glassworks.lm.data import documents as module
from glassworks.lm.data.exporting import EXPORTS, defused

DOCUMENTS = [
    Document("a", "größer, \"quoted\"\nsecond line\n", "s", "g", {"place": "1"}),
    Document("=id", "=HYPERLINK(\"http://x\")", "+s", "-g"),
    Document("c", "@SUM(A1)", "\tx", "\rx", {}),
    Document("d", "plain = text", "s", "g"),
]  # fmt: skip


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DatasetReader:
    """In two row groups a file, and two files."""
    monkeypatch.setattr(module, "ROW_GROUP_DOCUMENTS", 1)
    monkeypatch.setattr(module, "FILE_BYTES", 40)
    with DatasetWriter(tmp_path) as writer:
        for document in DOCUMENTS:
            writer.add(document)
    assert len(list(tmp_path.iterdir())) > 1
    return DatasetReader(tmp_path)


def export(dataset: DatasetReader, format_: str) -> bytes:
    out = io.BytesIO()
    EXPORTS[format_](dataset, out)
    return out.getvalue()


def test_json_lines_hold_every_field(dataset: DatasetReader) -> None:
    rows = [json.loads(line) for line in export(dataset, "jsonl").splitlines()]
    assert [Document(**row) for row in rows] == DOCUMENTS


def test_parquet_is_one_file_that_holds_every_field(dataset: DatasetReader) -> None:
    rows = pq.read_table(io.BytesIO(export(dataset, "parquet"))).to_pylist()
    found = [Document(**{**row, "meta": json.loads(row["meta"])}) for row in rows]
    assert found == DOCUMENTS


def test_csv_has_no_cell_that_a_spreadsheet_would_run(dataset: DatasetReader) -> None:
    text = export(dataset, "csv").decode()
    names, *rows = csv.reader(io.StringIO(text, newline=""))
    assert names == ["id", "source", "group", "text", "meta"]
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert rows[1] == ["'=id", "'+s", "'-g", '\'=HYPERLINK("http://x")', ""]
    assert rows[2][1:4] == ["'\tx", "'\rx", "'@SUM(A1)"]
    assert rows[0] == ["a", "s", "g", DOCUMENTS[0].text, '{"place": "1"}']
    assert rows[3][3] == "plain = text"


def test_only_beginnings_are_defused() -> None:
    assert [defused(cell) for cell in ("", "a=b", "'=x", "-1")] == ["", "a=b", "'=x", "'-1"]


def test_text_has_an_empty_line_between_two(dataset: DatasetReader) -> None:
    found = export(dataset, "txt").decode()
    assert found.startswith('größer, "quoted"\nsecond line\n\n=HYPERLINK')
    assert found.endswith("\n\nplain = text\n")
