"""The stage `describe_dataset`: figures and an index of a dataset, the same bytes each time."""

import json
import sqlite3
from pathlib import Path

import pytest

from glassworks.lm.data import DatasetWriter, Document
from glassworks.specs.description import DescriptionSpec
from glassworks.specs.stage import Stopped
from glassworks.stages import STAGES
from tests.stages.bench import make_context, run_stage

TEXTS = {
    "a": "Blow the glass, then cool the glass slowly.",
    "b": "Cool it slowly: the glass must not crack.",
    "c": "Blow the glass, then cool the glass slowly.\n",
    "d": "",
}


def dataset(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    with DatasetWriter(folder) as writer:
        for id_, text in texts.items():
            writer.add(Document(id_, text, f"{id_}.txt", id_))
    return folder


def test_figures_and_summary(tmp_path: Path) -> None:
    made = dataset(tmp_path / "in", TEXTS)
    context = run_stage("describe_dataset", tmp_path / "out", dataset=made)
    folder = tmp_path / "out/description"
    assert {file.name for file in folder.iterdir()} == {"statistics.json", "search.sqlite"}
    found = DescriptionSpec.model_validate_json((folder / "statistics.json").read_text("utf-8"))
    num_bytes = sum(len(text.encode()) for text in TEXTS.values())
    assert (found.num_documents, found.num_bytes, found.num_words) == (4, num_bytes, 24)
    assert found.duplicates.exact_documents == 1
    assert context.summaries == {"description": {"documents": 4, "bytes": num_bytes}}
    assert (4, 4, "documents", "describing") in context.progressed
    assert context.progressed[-1] == (4, 4, "documents", "indexing")


def test_the_index_finds_documents_and_their_places(tmp_path: Path) -> None:
    made = dataset(tmp_path / "in", TEXTS)
    run_stage("describe_dataset", tmp_path / "out", dataset=made)
    db = sqlite3.connect(tmp_path / "out/description/search.sqlite")
    query = (
        'SELECT id, source, "group", num_bytes, file, row_group, row FROM documents JOIN documents_fts'
        " ON documents_fts.rowid = ordinal + 1 WHERE documents_fts MATCH ? ORDER BY ordinal"
    )
    assert db.execute(query, ("crack",)).fetchall() == [("b", "b.txt", "b", 41, 0, 0, 1)]
    assert [row[0] for row in db.execute(query, ('"the glass slowly"',))] == ["a", "c"]
    db.close()


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    made = dataset(tmp_path / "in", TEXTS)
    for name in ("one", "two"):
        run_stage("describe_dataset", tmp_path / name, dataset=made)
    for file in ("statistics.json", "search.sqlite"):
        one, two = (tmp_path / name / "description" / file for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("stop_after", [2, 4])
def test_a_stop_leaves_nothing(stop_after: int, tmp_path: Path) -> None:
    """While documents are read, and while the index is finished."""
    made = dataset(tmp_path / "in", TEXTS)
    context = make_context("describe_dataset", tmp_path / "out", {}, {"dataset": made})
    context.stop_after = stop_after
    with pytest.raises(Stopped):
        STAGES.load("describe_dataset")().run(context)
    assert list((tmp_path / "out/description").iterdir()) == []


def test_tokens_are_counted_when_a_tokenizer_is_connected(tmp_path: Path) -> None:
    made = dataset(tmp_path / "in", TEXTS)
    trainer = {"kind": "byte_bpe", "vocab_size": 270}
    run_stage("train_tokenizer", tmp_path / "words", {"trainer": trainer}, dataset=made)
    tokenizer = tmp_path / "words/tokenizer"
    context = run_stage("describe_dataset", tmp_path / "out", dataset=made, tokenizer=tokenizer)
    found = json.loads((tmp_path / "out/description/statistics.json").read_text("utf-8"))["tokens"]
    assert found["tokenizer"] == context.input_ids["tokenizer"]
    assert context.summaries["description"]["tokens"] == found["num_tokens"]
    assert found["lengths"]["min"] == 0
    assert 20 < found["num_tokens"] < found["lengths"]["max"] * 3
