"""What a training read at a step: the same tokens, the same loss as it recorded, and where each document stands."""

from typing import Any

import pytest

from glassworks.common.errors import InvalidSpec, NotFound
from glassworks.engine.reading_back import read_batch, reader_of, recorded_loss
from glassworks.engine.references import resolve_artifact
from glassworks.engine.training_text import (
    held_out_of_model,
    texts_of_model,
    training_run,
)
from glassworks.engine.workshop import Workshop
from glassworks.storage.runs import RunFolder
from tests.engine.conftest import Trained


def training(trained: Trained, run: str | None = None) -> RunFolder:
    store = trained.workshop.store
    return training_run(store, store.runs.get(run or trained.run))


def read(trained: Trained, step: int, run: RunFolder | None = None, **more: int) -> dict[str, Any]:
    workshop = trained.workshop
    return read_batch(workshop.store, workshop.tools, run or training(trained), step, **more)


@pytest.mark.parametrize(("step", "weights"), [(1, 0), (5, 4)])
def test_with_the_weights_that_the_step_began_with_the_loss_is_the_recorded_one(
    trained: Trained, step: int, weights: int
) -> None:
    found = read(trained, step)
    assert found["weights"]["step"] == weights
    assert found["weights"]["kind"] == ("saved" if weights else "fresh")
    recorded = recorded_loss(training(trained), step)
    assert recorded is not None
    assert found["mean_nats"] == pytest.approx(recorded, rel=1e-5)
    assert found["num_scored_rows"] == found["num_rows"] == 4
    assert found["num_tokens"] == found["num_trained"] == 64


def test_between_two_checkpoints_the_older_weights_are_taken_and_named(trained: Trained) -> None:
    """Those of step 8 have learned from the batch of step 8, so they do not count."""
    for step in (6, 8):
        weights = read(trained, step)["weights"]
        assert (weights["step"], weights["kind"], weights["dtype"]) == (4, "saved", "fp32")
    assert read(trained, 4)["weights"]["step"] == 0
    assert training(trained).state().checkpoints[-1].step == 8


def test_rows_hold_the_very_text_and_its_documents(trained: Trained) -> None:
    found = read(trained, 3, rows=99)
    assert [row["row"] for row in found["rows"]] == [0, 1, 2, 3]
    folder = trained.workshop.store.artifacts.path
    for row in found["rows"]:
        tokens = row["tokens"]
        assert len(tokens) == 17
        assert tokens[0]["nats"] is None
        assert all(token["nats"] > 0 for token in tokens[1:])
        assert row["stretches"][0]["start"] == 0
        assert row["stretches"][-1]["stop"] == 17
        for before, after in zip(row["stretches"], row["stretches"][1:], strict=False):
            assert before["stop"] == after["start"]
            assert before["is_ended"]
            assert after["is_begun"]
            assert after["offset"] == 0
        asked = {"folder": str(folder(row["dataset"])), "max_characters": 9999}
        for stretch in row["stretches"]:
            place = {"ordinals": [stretch["ordinal"]]}
            (document,) = trained.workshop.tools.call("read_documents", asked | place)["documents"]
            assert document["id"] == stretch["document"]
            assert document["source"] == stretch["source"]
            words = [token["text"] for token in tokens[stretch["start"] : stretch["stop"]]]
            assert "".join(words).removesuffix("<|end|>") in document["text"]
        assert row["dataset_label"] == "the train part of tiny"


def test_what_surprises_most_stands_first(trained: Trained) -> None:
    found = read(trained, 3, row=1, rows=1)
    assert [row["row"] for row in found["rows"]] == [1]
    most = found["surprising"]
    assert [one["nats"] for one in most] == sorted((one["nats"] for one in most), reverse=True)
    here = next(one for one in most if one["row"] == 1)
    row = found["rows"][0]["tokens"]
    token = row[here["place"]]
    assert (token["text"], token["nats"]) == (here["text"], here["nats"])
    assert "".join(t["text"] for t in row).startswith(here["before"]) or len(here["before"]) > 0


def test_a_step_that_does_not_exist(trained: Trained) -> None:
    for step in (0, 9):
        with pytest.raises(InvalidSpec, match="has the steps 1 to 8"):
            reader_of(trained.workshop.store, training(trained), step)
    with pytest.raises(InvalidSpec, match="trained on 1 processes"):
        read(trained, 1, rank=1)


def test_a_run_that_does_not_train(trained: Trained) -> None:
    store = trained.workshop.store
    data = store.runs.get(store.runs.get(trained.run).state().nodes["data"].run)
    with pytest.raises(InvalidSpec, match="is no training"):
        training_run(store, data)
    with pytest.raises(InvalidSpec, match="no training of that name"):
        training_run(store, store.runs.get(trained.run), "data")


def test_a_continued_run_reads_as_its_parent_did(trained: Trained) -> None:
    from glassworks.engine.continue_run import continued_recipe

    workshop = trained.workshop
    parent = training(trained)
    found = continued_recipe(workshop, workshop.store.runs.get(trained.run), ["steps=10"])
    child = training(trained, _run(workshop, found.recipe, found.starts))
    assert read(trained, 3, child)["run"] == parent.id
    assert read(trained, 3, child) == read(trained, 3)
    later = read(trained, 9, child)
    assert (later["run"], later["weights"]["step"]) == (child.id, 8)
    recorded = recorded_loss(child, 9)
    assert recorded is not None
    assert later["mean_nats"] == pytest.approx(recorded, rel=1e-5)


def _run(workshop: Workshop, recipe: Any, starts: dict[str, str]) -> str:
    from glassworks.engine.attempt import Stopper
    from glassworks.engine.drive import drive, open_flow_run
    from glassworks.engine.plan import make_plan
    from tests.conftest import MACHINE

    spec = make_plan(workshop, recipe, MACHINE, starts_from=starts)
    run, _ = open_flow_run(workshop, spec, MACHINE)
    state = drive(workshop, run, MACHINE, Stopper())
    assert state.status == "done", state.error
    return run.id


def test_which_text_a_model_learned_from(trained: Trained) -> None:
    store = trained.workshop.store
    found = resolve_artifact(store, "tiny", "checkpoint")
    (text,) = texts_of_model(store, found)
    assert text.label == "the train part of tiny"
    held_out = held_out_of_model(store, found)
    assert held_out is not None
    assert held_out != text.artifact


def test_a_model_of_unknown_text(trained: Trained) -> None:
    store = trained.workshop.store
    found = resolve_artifact(store, "tiny", "checkpoint")
    store.runs.delete(training(trained))
    with pytest.raises(NotFound, match="cannot be told"):
        texts_of_model(store, found)
