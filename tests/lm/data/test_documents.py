"""Datasets: what goes in comes out, and equal documents give equal bytes."""

from pathlib import Path

import pytest

from glassworks.common.errors import BadData, NotFound
from glassworks.lm.data import DatasetReader, DatasetWriter, Document
from glassworks.lm.data import documents as module
from tests.contract.stage_fixtures import files_hash

DOCUMENTS = [
    Document(id=f"d{i}", text=f"text {i} é\n" * i, source="s", group=f"g{i % 3}", meta={"n": i})
    for i in range(1, 40)
]


def write(folder: Path, documents: list[Document]) -> DatasetWriter:
    folder.mkdir()
    with DatasetWriter(folder) as writer:
        for document in documents:
            writer.add(document)
    return writer


def test_round_trip(tmp_path: Path) -> None:
    writer = write(tmp_path / "a", DOCUMENTS)
    reader = DatasetReader(tmp_path / "a")
    assert list(reader) == DOCUMENTS
    assert reader.num_documents == 39
    assert reader.groups() == {document.group for document in DOCUMENTS}
    assert writer.summary() == {
        "documents": 39,
        "bytes": sum(len(document.text.encode()) for document in DOCUMENTS),
    }


def test_equal_documents_give_equal_bytes(tmp_path: Path) -> None:
    write(tmp_path / "a", DOCUMENTS)
    write(tmp_path / "b", DOCUMENTS)
    name = "documents-00000.parquet"
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_many_row_groups_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROW_GROUP_BYTES", 200)
    monkeypatch.setattr(module, "FILE_BYTES", 1000)
    write(tmp_path / "a", DOCUMENTS)
    assert len(list((tmp_path / "a").iterdir())) > 3
    assert list(DatasetReader(tmp_path / "a")) == DOCUMENTS


@pytest.mark.parametrize("limits", [(200, 65_536), (8 << 20, 7), (900, 9)])
def test_rows_passed_on_are_the_same_bytes_as_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limits: tuple[int, int]
) -> None:
    """Row groups and files begin where they would, also where single documents come in between."""
    write(tmp_path / "from", DOCUMENTS)
    monkeypatch.setattr(module, "READ_DOCUMENTS", 5)
    monkeypatch.setattr(module, "ROW_GROUP_BYTES", limits[0])
    monkeypatch.setattr(module, "ROW_GROUP_DOCUMENTS", limits[1])
    monkeypatch.setattr(module, "FILE_BYTES", 1000)
    one = write(tmp_path / "one", [DOCUMENTS[0], *DOCUMENTS, DOCUMENTS[1]])
    (tmp_path / "other").mkdir()
    with DatasetWriter(tmp_path / "other") as other:
        other.add(DOCUMENTS[0])
        for rows in DatasetReader(tmp_path / "from").batches():
            other.add_rows(rows.filter([False] * rows.num_rows))
            other.add_rows(rows)
        other.add(DOCUMENTS[1])
    assert other.summary() == one.summary()
    assert files_hash(tmp_path / "other") == files_hash(tmp_path / "one")
    assert len(list((tmp_path / "one").iterdir())) > 3


def test_missing_and_damaged(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="not a dataset"):
        DatasetReader(tmp_path)
    (tmp_path / "documents-00000.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(BadData, match="damaged"):
        DatasetReader(tmp_path)
