"""What each format gives of a small real file, and what it refuses."""

from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import BadData
from glassworks.lm.text.formats import FORMATS, Extract, ReadOptions, endings, format_of
from glassworks.lm.text.mapping import ColumnMapping
from tests.lm.text import made

ROWS: list[dict[str, Any]] = [
    {"id": "a", "text": "Furnace 2 at 1,182 °C.", "team": "night"},
    {"id": "b", "text": 'He said: "no stones, seen"', "team": "day"},
]
CSV = 'id,text,team\na,"Furnace 2 at 1,182 °C.",night\nb,"He said: ""no stones, seen""",day\n'.encode()
PAGE = b"""<!DOCTYPE html><html><head><title>Lehr &amp; glass</title><style>p {color: red}</style></head>
<body><h1>Annealing</h1><p>Glass that   cools
unevenly keeps <b>stress</b>.</p><script>alert("no")</script>
<ul><li>slowly</li><li>evenly</li></ul><pre>a
  b</pre><table><tr><td>wall</td><td>12 mm</td></tr></table></body></html>"""


def read(folder: Path, name: str, data: bytes, **options: Any) -> list[Extract]:
    path = folder / name
    path.write_bytes(data)
    return list(FORMATS.load(format_of(path)).read(path, ReadOptions(**options)))


def refused(folder: Path, name: str, data: bytes) -> BadData:
    with pytest.raises(BadData) as caught:
        read(folder, name, data)
    assert caught.value.hint
    return caught.value


def test_text_and_markdown(tmp_path: Path) -> None:
    assert read(tmp_path, "a.txt", b"one\r\ntwo") == [Extract("one\ntwo")]
    markdown = b"---\ntitle: x\n---\n\n# Head\n\n*text*\n"
    assert read(tmp_path, "a.md", markdown) == [Extract("# Head\n\n*text*\n")]
    assert read(tmp_path, "b.md", b"---\nno head\n") == [Extract("---\nno head\n")]


def test_html_is_what_a_person_reads(tmp_path: Path) -> None:
    (page,) = read(tmp_path, "a.html", PAGE)
    assert page.text == (
        "Annealing\n\nGlass that cools unevenly keeps stress.\n\nslowly\nevenly\n\na\n  b\n\nwall\t12 mm"
    )
    assert page.meta == {"title": "Lehr & glass"}
    assert read(tmp_path, "page.dat", PAGE)[0].text == page.text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", made.jsonl(ROWS)),
        ("a.json", b"[" + made.jsonl(ROWS).strip().replace(b"\n", b",") + b"]"),
        ("a.csv", CSV),
        (
            "a.tsv",
            b"id\ttext\tteam\na\tFurnace 2 at 1,182 \xc2\xb0C.\tnight\nb\t"
            b'"He said: ""no stones, seen"""\tday\n',
        ),
        ("a.parquet", made.parquet(ROWS)),
        ("named-wrongly.txt.bin", made.parquet(ROWS)),
    ],
)
def test_rows(tmp_path: Path, name: str, data: bytes) -> None:
    found = read(tmp_path, name, data)
    assert [extract.text for extract in found] == [row["text"] for row in ROWS]
    assert len({extract.place for extract in found}) == 2
    mapping = ColumnMapping(layout="text", text="team", name="id", group="team")
    found = read(tmp_path, name, data, mapping=mapping)
    assert [(e.text, e.name, e.group) for e in found] == [
        ("night", "a", "night"),
        ("day", "b", "day"),
    ]


def test_a_cell_with_lines_in_it(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "a.csv", b'text;n\n"one\n\ntwo";3\n')
    assert row.text == "one\n\ntwo"


def test_pdf(tmp_path: Path) -> None:
    data = made.pdf(["Heat the lehr to 516 C.\nHold for forty min-\nutes.", "", "Page three."])
    (whole,) = read(tmp_path, "a.pdf", data)
    assert whole.text == "Heat the lehr to 516 C.\nHold for forty minutes.\n\nPage three."
    pages = read(tmp_path, "a.pdf", data, pages="apart")
    assert [(page.place, page.meta) for page in pages] == [
        ("page 1", {"page": 1}),
        ("page 3", {"page": 3}),
    ]


def test_pictures_of_paper_are_told(tmp_path: Path) -> None:
    error = refused(tmp_path, "scan.pdf", made.pdf(["", ""]))
    assert error.code == "no-text-in-pdf"
    assert "scan.pdf has no text: its 2 pages are pictures of paper" in error.message


def test_word(tmp_path: Path) -> None:
    data = made.word(["Annealing", "Slowly."], [["wall", "hold"], ["12 mm", "46 min"]], "Manual")
    (document,) = read(tmp_path, "a.docx", data)
    assert document.text == "Annealing\n\nSlowly.\n\nwall\thold\n12 mm\t46 min"
    assert document.meta == {"title": "Manual"}


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.jsonl", b'{"text": "a"}\n{"text": \n', "malformed-json"),
        ("a.jsonl", b'{"text": "a"}\n[1]\n', "malformed-json"),
        ("a.json", b"[" * 100_000, "malformed-json"),
        ("a.jsonl", b'{"n": 1}\n', "no-text-column"),
        ("a.csv", b'text,n\n"open, 3\n', "malformed-table"),
        ("a.csv", b"text,text\na,b\n", "malformed-table"),
        ("a.csv", b"a\xff,b\n", "wrong-encoding"),
        ("a.parquet", b"PAR1 and nothing else", "damaged-table"),
        ("a.pdf", b"%PDF-1.7\nnothing", "damaged-pdf"),
        ("a.docx", b"PK\x03\x04broken", "damaged-archive"),
        ("a.docx", made.zipped({"[Content_Types].xml": b"<x/>"}), "damaged-document"),
        ("a.xlsx", b"\x00\x01\x02", "unknown-format"),
        *(
            (f"a.{ending}", b"", "empty-file")
            for ending in ("txt", "docx", "pdf", "parquet", "png")
        ),
    ],
)
def test_what_is_refused(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    assert refused(tmp_path, name, data).code == code


def test_the_line_that_is_broken_is_named(tmp_path: Path) -> None:
    assert "line 2" in refused(tmp_path, "a.jsonl", b'{"text": "a"}\n{"text": \n').message


def test_the_ending_decides_where_the_bytes_do_not(tmp_path: Path) -> None:
    assert {".txt", ".pdf", ".docx", ".parquet", ".html", ".jsonl", ".csv", ".md"} <= set(endings())
    path = tmp_path / "notes.unknown"
    path.write_bytes("Grüße".encode())
    assert format_of(path) == "text"
