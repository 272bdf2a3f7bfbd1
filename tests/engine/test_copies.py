"""Copied or composed: the index is made on demand and found again, what is copied has its source, and chance is told beside it."""

from pathlib import Path

import pytest

from glassworks.common.errors import Conflict, InvalidSpec
from glassworks.engine.copies import (
    find_model,
    index_recipe,
    look_for_copies,
    missing_texts,
)
from glassworks.engine.datasets import used_by
from glassworks.engine.lineage import read_lineage
from glassworks.engine.training_text import training_run
from glassworks.specs.flow import NodeSpec
from tests.conftest import tiny_text
from tests.engine.conftest import Trained

COMPOSED = "the moon is made of glass, and the crown is heavy"


def test_a_text_is_looked_up_once_it_is_indexed(trained: Trained) -> None:
    store, tools = trained.workshop.store, trained.workshop.tools
    found = find_model(store, "tiny")
    with pytest.raises(Conflict, match="is not indexed yet") as refused:
        look_for_copies(store, tools, found, COMPOSED)
    assert refused.value.code == "not-indexed"
    assert list(trained.drive(index_recipe(missing_texts(store, found)))) == ["index"]
    assert missing_texts(store, found) == []
    copied = paragraph_of(trained, "train")
    told = look_for_copies(store, tools, found, f"{copied}\n{COMPOSED}")
    (span,) = told["spans"]
    assert (span["start"], span["stop"]) == (0, len(copied))
    assert span["text"] == copied
    assert span["places"][0]["offset"] == 0
    assert told["num_copied"] == len(copied)
    assert told["texts"][0]["label"] == "the train part of tiny"
    assert told["chance"]["num_passages"] == 16
    assert 0 <= told["chance"]["share"] < 1


def test_the_same_index_serves_again_and_the_dataset_can_still_be_deleted(trained: Trained) -> None:
    """A run's id is enough, also where no checkpoint is left; whoever looked for copies does not need the dataset."""
    store = trained.workshop.store
    found = find_model(store, "tiny")
    texts = missing_texts(store, found)
    trained.drive(index_recipe(texts))
    training = training_run(store, store.runs.get(trained.run))
    for run in (trained.run, training.id):
        assert missing_texts(store, find_model(store, run)) == []
    assert trained.drive(index_recipe(texts)) == {}
    users = used_by(store, read_lineage(store), texts[0].artifact)["runs"]
    assert [user["run"] for user in users] == [trained.run]


def test_a_model_begun_from_another_has_learned_from_both_texts(
    trained: Trained, tmp_path: Path
) -> None:
    store = trained.workshop.store
    other = tmp_path / "other.txt"
    other.write_text(tiny_text().upper())
    nodes = dict(trained.recipe.nodes)
    source = {"kind": "text_file", "path": str(other), "cut": "paragraphs"}
    nodes["data"] = NodeSpec(stage="import_dataset", config={"source": source})
    nodes["tokenizer"] = nodes["tokenizer"].model_copy(
        update={"inputs": {"dataset": paragraphs(trained, "train")}}
    )
    nodes["train"] = nodes["train"].model_copy(
        update={"inputs": {**nodes["train"].inputs, "init_from": "tiny"}}
    )
    recipe = trained.recipe.model_copy(update={"name": "second", "nodes": nodes})
    trained.drive(recipe)
    texts = missing_texts(store, find_model(store, "second"))
    assert [text.label for text in texts] == [
        "the train part of second",
        "the train part of tiny",
    ]
    assert list(index_recipe(texts).nodes) == ["index", "index-2"]


def test_a_text_that_is_too_long(trained: Trained) -> None:
    store = trained.workshop.store
    with pytest.raises(InvalidSpec, match="20,000 are looked up at once"):
        look_for_copies(store, trained.workshop.tools, find_model(store, "tiny"), "x" * 20_001)


def paragraphs(trained: Trained, part: str) -> str:
    """The dataset of a part of the trained run."""
    store = trained.workshop.store
    split = store.runs.get(store.runs.get(trained.run).state().nodes["split"].run).done()
    assert split is not None
    return split.outputs[part]


def paragraph_of(trained: Trained, part: str) -> str:
    folder = str(trained.workshop.store.artifacts.path(paragraphs(trained, part)))
    asked = {"folder": folder, "limit": 1}
    text: str = trained.workshop.tools.call("read_documents", asked)["documents"][0]["text"]
    return text
