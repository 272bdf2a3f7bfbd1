"""The source `files`: a folder of mixed files and archives as one dataset."""

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import BadData, Conflict
from glassworks.lm.data import Document
from glassworks.lm.data.sources.files import Files
from glassworks.lm.text.mapping import ColumnMapping
from tests.lm.text import made

MIXED = {
    "manuals/AF-200.pdf": made.pdf(["Heat the lehr."]),
    "work/WI-118.docx": made.word(["Wear glasses."]),
    "logs/2023.txt": b"Furnace 2 at night.",
    "tickets.jsonl": made.jsonl([{"body": "Cords in the stem."}, {"body": "Again."}]),
    "notes.md": b"# Notes",
    ".hidden/secret.txt": b"never read",
}


def read(path: Path, **settings: Any) -> list[Document]:
    config = Files.resolve(Files.Config(path=str(path), **settings))
    return list(Files.read(config).documents)


def test_a_folder_of_everything(tmp_path: Path) -> None:
    made.write(tmp_path, MIXED)
    found = {document.id: document for document in read(tmp_path)}
    assert {id_: document.text for id_, document in found.items()} == {
        "logs/2023.txt": "Furnace 2 at night.",
        "manuals/AF-200.pdf": "Heat the lehr.",
        "notes.md": "# Notes",
        "tickets.jsonl:1": "Cords in the stem.",
        "tickets.jsonl:2": "Again.",
        "work/WI-118.docx": "Wear glasses.",
    }
    assert found["tickets.jsonl:2"].meta == {"place": "line 2"}
    assert found["tickets.jsonl:2"].group == "tickets.jsonl:2"
    assert found["manuals/AF-200.pdf"].source == "manuals/AF-200.pdf"


def test_the_same_in_archives(tmp_path: Path) -> None:
    visible = {name: data for name, data in MIXED.items() if not name.startswith(".")}
    plain = [d.text for d in read(made.write(tmp_path / "plain", visible))]
    (tmp_path / "a.zip").write_bytes(made.zipped(dict(sorted(MIXED.items()))))
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        for name, data in sorted(MIXED.items()):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    for name in ("a.zip", "a.tar.gz"):
        found = read(tmp_path / name)
        assert sorted(d.text for d in found) == sorted(plain), name
        assert all(d.id.startswith(f"{name}/") for d in found)


def test_pieces_of_a_file_stay_together_unless_it_is_alone(tmp_path: Path) -> None:
    two = b"one\n\ntwo"
    made.write(tmp_path, {"a.txt": two, "b.txt": two})
    found = read(tmp_path, cut="paragraphs")
    assert [(d.id, d.group) for d in found[:2]] == [("a.txt:1", "a.txt"), ("a.txt:2", "a.txt")]
    alone = read(tmp_path / "a.txt", cut="paragraphs")
    assert [(d.id, d.group) for d in alone] == [("a.txt:1", "a.txt:1"), ("a.txt:2", "a.txt:2")]


def test_mappings_for_single_files(tmp_path: Path) -> None:
    rows = [{"a": "longer text", "b": "short"}]
    made.write(tmp_path, {"x.jsonl": made.jsonl(rows), "y.jsonl": made.jsonl(rows)})
    mapping = ColumnMapping(layout="text", text="b")
    found = read(tmp_path, mappings={"y.jsonl": mapping})
    assert [document.text for document in found] == ["longer text", "short"]


def test_a_bad_file_is_named_or_left_out(tmp_path: Path) -> None:
    made.write(tmp_path, {**MIXED, "manuals/scan.pdf": made.pdf([""])})
    with pytest.raises(BadData, match=r"manuals/scan\.pdf") as caught:
        read(tmp_path)
    assert caught.value.code == "no-text-in-pdf"
    reading = Files.read(Files.Config(path=str(tmp_path), on_bad="leave_out"))
    assert len(list(reading.documents)) == 6
    assert [(one.name, one.code) for one in reading.left_out] == [
        ("manuals/scan.pdf", "no-text-in-pdf")
    ]
    assert reading.position and len(set(reading.position())) == 1
    assert len(read(tmp_path, leave_out=("manuals/scan.pdf",))) == 6


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Mine alone.", "utf-8")
    folder = tmp_path / "theirs"
    made.write(folder, {"a.txt": b"A text of theirs.", "deep.json": b"[" * 100_000})
    (folder / "b.txt").symlink_to(folder / "a.txt")
    (folder / "c.txt").symlink_to(tmp_path / "secret.txt")
    reading = Files.read(Files.Config(path=str(folder), on_bad="leave_out"))
    assert [document.text for document in reading.documents] == ["A text of theirs."] * 2
    assert [(one.name, one.code) for one in reading.left_out] == [
        ("c.txt", "link-out"),
        ("deep.json", "malformed-json"),
    ]
    assert reading.left_out[1].message.endswith("is not a JSON object: it is nested too deep.")
    assert len(read(folder / "b.txt")) == 1, "a link that is named is meant"


def test_an_empty_file_in_a_folder_stops_nobody(tmp_path: Path) -> None:
    """`__init__.py` and such; what should hold text and cannot be read is refused, and the way on is told."""
    made.write(tmp_path, {"a.txt": b"A text.", "__init__.py": b"", "b.pdf": b""})
    reading = Files.read(Files.Config(path=str(tmp_path)))
    assert [document.text for document in reading.documents] == ["A text."]
    assert [(one.name, one.code) for one in reading.left_out] == [
        ("__init__.py", "empty-file"),
        ("b.pdf", "empty-file"),
    ]
    made.write(tmp_path, {"c.pdf": b"%PDF-1.7\nnothing"})
    with pytest.raises(BadData) as caught:
        read(tmp_path)
    assert "source.on_bad" in caught.value.hint


def test_a_member_that_is_bad_is_named_with_its_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(made.zipped({"x/b.pdf": made.pdf([""])}))
    with pytest.raises(BadData, match=r"a\.zip/x/b\.pdf"):
        read(tmp_path / "a.zip")


def test_nothing_that_is_read(tmp_path: Path) -> None:
    made.write(tmp_path, {"a.bin": b"\0\1\2"})
    with pytest.raises(BadData, match="of no kind that is read"):
        read(tmp_path)
    with pytest.raises(BadData, match="Nothing in"):
        read(tmp_path, on_bad="leave_out")


def test_a_change_in_between_is_refused(tmp_path: Path) -> None:
    made.write(tmp_path, MIXED)
    config = Files.resolve(Files.Config(path=str(tmp_path)))
    (tmp_path / "notes.md").write_text("# Other notes")
    with pytest.raises(Conflict):
        Files.read(config)
