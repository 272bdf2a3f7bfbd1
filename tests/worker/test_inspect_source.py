"""The first look at files: what kind each is, how it would be read, what is wrong with it."""

from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import InvalidSpec
from glassworks.worker.ops.inspect_source import InspectSource
from tests.lm.text import made


def look_once(path: Path, **args: Any) -> dict[str, Any]:
    return InspectSource().run(InspectSource.Args(path=str(path), **args))


def look(path: Path, limit: int = 50, **args: Any) -> dict[str, Any]:
    """Asks on as a page does, until `limit` files or all are there."""
    found = look_once(path, limit=limit, **args)
    files = found["files"]
    first = args.pop("offset", 0)
    while len(files) < min(limit, found["num_files"] - first):
        files += look_once(path, offset=first + len(files), limit=limit - len(files), **args)["files"]  # fmt: skip
    return {**found, "files": files}


def test_each_kind_is_told(tmp_path: Path) -> None:
    made.write(
        tmp_path,
        {
            "a.pdf": made.pdf(["Heat the lehr."]),
            "b.jsonl": made.jsonl([{"id": n, "body": f"ticket {n}"} for n in range(30)]),
            "c.zip": made.zipped({"x.txt": b"text", "y.txt": b"text"}),
            "scan.pdf": made.pdf([""]),
        },
    )
    found = look(tmp_path)
    assert found["num_files"] == 4
    pdf, rows, archive, scan = found["files"]
    assert (pdf["title"], pdf["num_documents"], pdf["text"]) == ("PDF", 1, "Heat the lehr.")
    assert rows["mapping"]["text"] == "body"
    assert rows["columns"] == ["id", "body"]
    assert rows["rows"][1] == {"id": "1", "body": "ticket 1"}
    assert rows["num_documents"] == rows["estimated_documents"] == 30
    assert (archive["format"], archive["num_documents"]) == ("archive", 2)
    assert scan["problem"]["code"] == "no-text-in-pdf"
    assert scan["num_documents"] == 0


def test_problems_speak_of_the_name_that_a_person_knows(tmp_path: Path) -> None:
    made.write(tmp_path / "staged", {"d/enc.txt": b"caf\xe9 " * 80, "x.zip": b"PK\x03\x04nonsense"})
    text, archive = (one["problem"]["message"] for one in look(tmp_path / "staged")["files"])
    assert text == "d/enc.txt is not UTF-8: byte 3 does not fit."
    assert archive == "x.zip is damaged and cannot be unpacked."


def test_a_large_file_is_estimated(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(made.jsonl([{"text": f"document number {n:06}"} for n in range(5000)]))
    (one,) = look(path)["files"]
    assert one["num_documents"] == 1000
    assert not one["is_whole"]
    assert 5000 < one["estimated_documents"] < 10_000  # the braces of the rows are counted in


def test_a_corrected_mapping_is_used(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(made.jsonl([{"a": "the longer text", "b": "short"}]))
    assert look(path)["files"][0]["text"] == "the longer text"
    wished = {"mappings": {"a.jsonl": {"layout": "text", "text": "b"}}}
    assert look(path, settings=wished)["files"][0]["text"] == "short"
    with pytest.raises(InvalidSpec):
        look(path, settings={"unknown": 1})


def test_a_part_of_many(tmp_path: Path) -> None:
    made.write(tmp_path, {f"{n:03}.txt": b"text" for n in range(120)})
    found = look(tmp_path, offset=100, limit=50)
    assert found["num_files"] == 120
    assert [one["name"] for one in found["files"]] == [f"{n:03}.txt" for n in range(100, 120)]


def test_long_files_come_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made.write(tmp_path, {f"{n}.txt": b"text " * 20 for n in range(3)})
    monkeypatch.setattr("glassworks.lm.data.inspect.MAX_SECONDS_A_CALL", 0.0)
    assert [one["name"] for one in look_once(tmp_path)["files"]] == ["0.txt"]
    assert [one["name"] for one in look(tmp_path)["files"]] == ["0.txt", "1.txt", "2.txt"]
