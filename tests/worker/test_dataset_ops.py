"""The helper's ops about datasets, asked as the helper asks them."""

from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import NotFound
from glassworks.lm.data import DatasetWriter, Document
from glassworks.lm.data import documents as module
from glassworks.worker.ops import read_documents
from glassworks.worker.ops.compare_datasets import CompareDatasets
from glassworks.worker.ops.read_documents import ReadDocuments


def write(folder: Path, documents: list[Document]) -> Path:
    folder.mkdir()
    with DatasetWriter(folder) as writer:
        for document in documents:
            writer.add(document)
    return folder


def numbered(n: int, text: str = "") -> Document:
    return Document(f"d{n}", text or f"text {n}", "s", f"g{n}", {"n": n})


def read(folder: Path, **args: Any) -> dict[str, Any]:
    return ReadDocuments().run(ReadDocuments.Args(folder=str(folder), **args))


def test_documents_by_place_over_many_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROW_GROUP_DOCUMENTS", 3)
    monkeypatch.setattr(module, "FILE_BYTES", 40)
    folder = write(tmp_path / "a", [numbered(n) for n in range(20)])
    assert len(list(folder.iterdir())) > 2
    assert [d["id"] for d in read(folder, offset=2, limit=5)["documents"]] == [
        f"d{n}" for n in range(2, 7)
    ]
    found = read(folder, ordinals=[19, 4, 4, 20])
    assert [(d["ordinal"], d["text"], d["meta"]) for d in found["documents"]] == [
        (4, "text 4", {"n": 4}),
        (19, "text 19", {"n": 19}),
    ]
    assert found["num_documents"] == 20


def test_only_the_row_groups_that_are_asked_for_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROW_GROUP_DOCUMENTS", 3)
    folder = write(tmp_path / "a", [numbered(n) for n in range(20)])
    taken: list[int] = []
    take = module.RowGroup.take

    def noted(self: module.RowGroup, rows: list[int]) -> list[Document]:
        taken.append(self.number)
        return take(self, rows)

    monkeypatch.setattr(module.RowGroup, "take", noted)
    read(folder, ordinals=[0, 2, 10])
    assert taken == [0, 3]


def test_long_texts_are_cut_and_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_documents, "MAX_CHARACTERS", 25)
    long = Document("long", "größer" * 4, "s", "g", {"n": 1, "messages": ["x" * 30]})
    folder = write(tmp_path / "a", [long, numbered(1, "0123456789"), numbered(2)])
    first, second, third = read(folder, max_characters=20)["documents"]
    assert (first["text"], first["is_cut"]) == (("größer" * 4)[:20], True)
    assert (first["num_characters"], first["num_bytes"], first["meta"]) == (24, 32, {"n": 1})
    assert (second["text"], second["is_cut"]) == ("01234", True)
    assert (third["text"], third["is_cut"]) == ("", True)
    (rest,) = read(folder, limit=1, start=20, max_characters=20)["documents"]
    assert rest["text"] == ("größer" * 4)[20:]


def test_what_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="not a dataset"):
        read(tmp_path)


def test_datasets_are_compared(tmp_path: Path) -> None:
    before = write(tmp_path / "a", [numbered(n) for n in range(4)])
    after = write(tmp_path / "b", [numbered(n, "new" if n == 2 else "") for n in range(1, 6)])
    args = CompareDatasets.Args(before=str(before), after=str(after), limit=1)
    found = CompareDatasets().run(args)
    counts = [found[name] for name in ("added", "removed", "changed", "renamed", "same")]
    assert counts == [2, 1, 1, 0, 2]
    assert [one["id"] for one in found["examples"]["added"]] == ["d4"]
    assert found["examples"]["changed"][0]["after"] == "new"
    with pytest.raises(NotFound, match="not a dataset"):
        CompareDatasets().run(CompareDatasets.Args(before=str(before), after=str(tmp_path)))
