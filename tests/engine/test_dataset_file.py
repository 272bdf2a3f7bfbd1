"""A dataset as a file, made by a process of its own: whole or not at all, and gone when nobody reads."""

import json
from pathlib import Path

import psutil
import pytest

from glassworks.common.errors import BadData, Conflict, InvalidSpec, NotFound, Unavailable
from glassworks.engine.dataset_file import format_of, stream_dataset, write_dataset
from glassworks.lm.data import DatasetWriter, Document
from tests.worker.attempts import until


def write(folder: Path, num: int, text: str = "the king walks alone ") -> Path:
    folder.mkdir()
    with DatasetWriter(folder) as writer:
        for n in range(num):
            writer.add(Document(f"d{n}", f"{n} {text}", "s", "g"))
    return folder


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    folder, target = write(tmp_path / "a", 3), tmp_path / "out/a.jsonl"
    size = write_dataset(folder, format_of(target), target)
    lines = target.read_bytes().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["d0", "d1", "d2"]
    assert size == target.stat().st_size
    with pytest.raises(Conflict, match="exists already"):
        write_dataset(folder, "jsonl", target)


def test_a_damaged_dataset_leaves_no_file(tmp_path: Path) -> None:
    folder, target = tmp_path / "a", tmp_path / "b.csv"
    folder.mkdir()
    with pytest.raises(NotFound, match="not a dataset"):
        write_dataset(folder, "csv", target)
    (folder / "documents-00000.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(BadData, match="damaged"):
        write_dataset(folder, "csv", target)
    with pytest.raises(BadData, match="damaged"):
        stream_dataset(folder, "csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]


def test_who_reads_no_further_ends_the_process(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", 400, "x" * 20_000)
    pieces = stream_dataset(folder, "txt")
    assert next(pieces).startswith(b"0 xxx")
    (process,) = exporting(folder)
    pieces.close()
    until(lambda: not process.is_running())
    assert exporting(folder) == []


def exporting(folder: Path) -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if str(folder) in p.cmdline()]


def test_the_format_is_the_ending_or_what_is_wished() -> None:
    assert format_of(Path("a.JSONL")) == "jsonl"
    assert format_of(Path("a.jsonl"), "csv") == "csv"
    for name in ("a", "a.xlsx"):
        with pytest.raises(InvalidSpec, match="cannot be written"):
            format_of(Path(name))


def test_a_process_that_breaks_off_is_told_with_its_last_words(tmp_path: Path) -> None:
    folder, target = write(tmp_path / "a", 40, "x" * 20_000), tmp_path / "b.jsonl"
    table = folder / "documents-00000.parquet"
    data = bytearray(table.read_bytes())
    data[200:400] = bytes(200)
    table.write_bytes(data)
    with pytest.raises(Unavailable, match="Its last words: ") as caught:
        write_dataset(folder, "jsonl", target)
    assert caught.value.code == "export-broke"
    assert not target.exists()
