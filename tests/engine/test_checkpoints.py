"""Checkpoints of a run: listed with what they are, read again, kept under a name and let go."""

import pytest

from glassworks.common.errors import Conflict, InvalidSpec, NotFound
from glassworks.engine.checkpoints import (
    check_checkpoints,
    keep_checkpoint,
    list_checkpoints,
    release_checkpoint,
    step_of,
)
from glassworks.engine.references import resolve_artifact
from glassworks.engine.training_text import training_run
from tests.engine.conftest import Trained


def test_the_rows_say_what_each_is(trained: Trained) -> None:
    store = trained.workshop.store
    run = store.runs.get(trained.run)
    rows = list_checkpoints(store, run)
    assert rows == list_checkpoints(store, training_run(store, run))
    assert [row.step for row in rows] == sorted(
        c.step for c in training_run(store, run).state().checkpoints
    )
    last = rows[-1]
    assert last.names == ("tiny@1",)
    assert last.kept_as is None, "a result has its name from the run"
    assert last.has_state
    assert not last.damage
    assert last.size_bytes == store.artifacts.manifest(last.artifact).size_bytes


def test_a_run_without_a_training_has_none(trained: Trained) -> None:
    store = trained.workshop.store
    tokens = next(run for run in store.runs.all() if run.spec().name.endswith("/tokens"))
    assert list_checkpoints(store, tokens) == []


def test_a_kept_one_is_a_model_until_it_is_let_go(trained: Trained) -> None:
    store = trained.workshop.store
    run = store.runs.get(trained.run)
    first = list_checkpoints(store, run)[0]
    name = f"tiny-{first.step}@1"
    assert keep_checkpoint(store, run, first.step) == name
    assert keep_checkpoint(store, run, first.step) == name, "once is enough"
    assert resolve_artifact(store, name, "checkpoint").artifact == first.artifact
    assert list_checkpoints(store, run)[0].kept_as == name
    assert keep_checkpoint(store, run, first.step, "early") == "early@1"
    assert release_checkpoint(store, run, first.step) == ["early@1", name]
    assert list_checkpoints(store, run)[0].names == ()
    assert store.artifacts.has(first.artifact), "the name goes, nothing else"
    with pytest.raises(NotFound):
        resolve_artifact(store, name, "checkpoint")


def test_what_cannot_be_kept_or_let_go(trained: Trained) -> None:
    store = trained.workshop.store
    run = store.runs.get(trained.run)
    last = step_of(store, run, "latest")
    with pytest.raises(Conflict) as refused:
        release_checkpoint(store, run, last)
    assert refused.value.code == "not-kept"
    assert list_checkpoints(store, run)[-1].names == ("tiny@1",), "the result keeps its name"
    with pytest.raises(InvalidSpec, match="cannot be a name"):
        keep_checkpoint(store, run, last, "No Name")
    with pytest.raises(NotFound, match="no checkpoint at step 999"):
        step_of(store, run, "999")


def test_one_that_went_in_the_same_moment_gets_no_name(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = trained.workshop.store
    run = store.runs.get(trained.run)
    first = list_checkpoints(store, run)[0]
    add = store.items.add_version

    def too_late(*given: object) -> object:
        store.artifacts.delete(first.artifact)
        return add(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(store.items, "add_version", too_late)
    with pytest.raises(Conflict) as refused:
        keep_checkpoint(store, run, first.step)
    assert refused.value.code == "checkpoint-gone"
    assert not store.items.find(f"tiny-{first.step}")


def test_other_bytes_than_were_saved_are_found(trained: Trained) -> None:
    store = trained.workshop.store
    run = store.runs.get(trained.run)
    first, last = list_checkpoints(store, run)[0], list_checkpoints(store, run)[-1]
    steps = [first.step, last.step]
    assert [one.problems for one in check_checkpoints(store, run, steps)] == [(), ()]
    weights = store.artifacts.folder(first.artifact) / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.chmod(0o644)
    weights.write_bytes(content)
    assert not list_checkpoints(store, run)[0].damage, "its size is right"
    broken, sound = check_checkpoints(store, run, steps)
    assert broken.problems == ("model.safetensors has other bytes than when it was made",)
    assert sound.problems == ()
    weights.write_bytes(content[:-1])
    assert "bytes instead of" in list_checkpoints(store, run)[0].damage
    store.artifacts.delete(first.artifact)
    assert check_checkpoints(store, run, steps)[0].problems == ("it is not there any more",)
    with pytest.raises(NotFound):
        check_checkpoints(store, run, [999])
