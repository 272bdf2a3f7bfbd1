"""Caring for a store: `gc` keeps what is used and removes what is not; `verify_store` explains what is damaged."""

import os
from pathlib import Path

import pytest

from glassworks.common.errors import BadData, Conflict
from glassworks.engine.gc import collect_garbage, used_artifacts
from glassworks.engine.verify import Problem, verify_store
from glassworks.specs.artifact import MANIFEST
from glassworks.specs.events import AttemptStarted
from glassworks.storage.states import write_state
from glassworks.storage.store import Store, open_store
from tests.engine.stores import checkpoint, flip_bit, make_artifact, make_training


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store")


# --- gc ----------------------------------------------------------------------------------------------------------


def test_what_a_run_or_an_item_points_to_is_kept_and_the_rest_goes(store: Store) -> None:
    make_training(store, "hamlet")
    item = make_artifact(store, "tokenizer", "of an item")
    store.items.add_version("tokenizer", "bard", item, None)
    unused = make_artifact(store, "dataset", "nobody's")
    before = set(store.artifacts.ids())
    assert used_artifacts(store) == before - {unused}

    trial = collect_garbage(store, is_dry_run=True, spared_s=0)
    assert (trial.artifacts, trial.kept) == ((unused,), len(before))
    assert store.artifacts.has(unused)

    report = collect_garbage(store, spared_s=0)
    assert report.artifacts == (unused,)
    assert report.kept == len(before) - 1
    assert report.freed_bytes == trial.freed_bytes > len("nobody's")
    assert set(store.artifacts.ids()) == before - {unused}
    assert collect_garbage(store, spared_s=0).artifacts == ()


def test_with_its_run_an_artifact_loses_its_use(store: Store) -> None:
    flow, stage = make_training(store, "hamlet")
    for run in (flow, stage):
        store.runs.delete(run)
    collect_garbage(store, spared_s=0)
    assert list(store.artifacts.ids()) == []


def test_what_is_younger_than_a_day_is_spared(store: Store) -> None:
    young, old = make_artifact(store, "dataset", "young"), make_artifact(store, "dataset", "old")
    os.utime(store.artifacts.path(old), (0, 0))
    (store.artifacts.root / ".young.tmp").mkdir()
    assert collect_garbage(store).artifacts == (old,)
    assert store.artifacts.has(young)
    assert (store.artifacts.root / ".young.tmp").exists()


def test_checkpoints_of_an_unfinished_run_are_kept(store: Store) -> None:
    """Named by events, and by a saved state whose worker died before it could name it."""
    _, stage = make_training(store, "hamlet", is_done=False)
    unnamed = make_artifact(store, "checkpoint", "saved, but not yet told")
    write_state(stage.attempt(1).state_dir, 40, lambda f: (f / "w").touch(), lambda _: unnamed)
    collect_garbage(store, spared_s=0)
    assert store.artifacts.has(unnamed)
    assert store.artifacts.has(checkpoint(store, "hamlet", 10))


def test_checkpoints_that_a_resume_voided_go(store: Store) -> None:
    _, stage = make_training(store, "hamlet", is_done=False)
    stage.new_attempt()
    stage.record(AttemptStarted(attempt=2, from_step=10, from_attempt=1))
    gone = set(collect_garbage(store, spared_s=0).artifacts)
    assert gone == {checkpoint(store, "hamlet", 20), checkpoint(store, "hamlet", 30)}


def test_leftovers_of_dead_writers_go(store: Store) -> None:
    _, stage = make_training(store, "hamlet")
    state_dir = stage.attempt(1).state_dir
    leftovers = [
        store.artifacts.root / ".r000000001.tmp",
        store.artifacts.root / "ab" / f".{'a' * 64}.r000000001.doomed",
        store.runs.root / ".r000000002.tmp",
        state_dir / ".step-5.tmp",
        state_dir / ".step-5.r000000003.doomed",
    ]
    for folder in leftovers:
        folder.mkdir(parents=True)
        (folder / "weights").write_bytes(bytes(1000))
    report = collect_garbage(store, spared_s=0)
    assert (report.leftovers, report.freed_bytes) == (5, 5000)
    assert not any(folder.exists() for folder in leftovers)


def test_an_artifact_without_its_manifest_can_be_cleaned_too(store: Store) -> None:
    unused = make_artifact(store, "dataset", "nobody's")
    (store.artifacts.path(unused) / MANIFEST).unlink()
    assert collect_garbage(store, spared_s=0).artifacts == (unused,)
    assert not store.artifacts.folder(unused).exists()


def test_nothing_is_removed_while_something_runs(store: Store) -> None:
    unused = make_artifact(store, "dataset", "nobody's")
    with store.in_use(), pytest.raises(Conflict) as caught:
        collect_garbage(store, spared_s=0)
    assert caught.value.code == "store-busy"
    assert store.artifacts.has(unused)


@pytest.mark.parametrize("file", ["run.json", "DONE.json", "ledger.jsonl"])
def test_nothing_is_removed_while_it_is_not_known_what_is_used(store: Store, file: str) -> None:
    _, stage = make_training(store, "hamlet")
    before = set(store.artifacts.ids())
    (stage.path / file).write_text("{\n")
    with pytest.raises(BadData):
        collect_garbage(store, spared_s=0)
    assert set(store.artifacts.ids()) == before


# --- verify ------------------------------------------------------------------------------------------------------


def test_a_sound_store_has_no_problems_and_progress_is_told(store: Store) -> None:
    make_training(store, "hamlet")
    told: list[tuple[int, int]] = []
    assert verify_store(store, lambda done, total: told.append((done, total))) == []
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def only_problem(store: Store) -> Problem:
    (problem,) = verify_store(store)
    return problem


def test_a_corrupt_artifact_is_explained(store: Store) -> None:
    _, stage = make_training(store, "hamlet")
    artifact = checkpoint(store, "hamlet", 30)
    flip_bit(store.artifacts.path(artifact) / "content.txt")
    problem = only_problem(store)
    assert problem.what == f"artifact {artifact[:12]}"
    assert problem.problem == "content.txt has other bytes than when it was made"
    assert problem.made_by == f"run {stage.id} (hamlet/train)"
    folder = store.artifacts.folder(artifact)
    assert problem.remedy == (
        f"Remove the folder {folder} and run its recipe again: only that stage runs."
    )


def test_an_artifact_without_a_maker_and_without_a_manifest(store: Store) -> None:
    artifact = make_artifact(store, "dataset", "nobody's")
    (store.artifacts.path(artifact) / MANIFEST).unlink()
    problem = only_problem(store)
    assert problem.problem == "its manifest is missing"
    assert problem.made_by == "no run that is still here"
    assert problem.remedy == f"Remove the folder {store.artifacts.folder(artifact)}."


def test_an_item_whose_artifact_is_gone(store: Store) -> None:
    artifact = make_artifact(store, "tokenizer", "t")
    store.items.add_version("tokenizer", "bard", artifact, "r000000001")
    store.artifacts.delete(artifact)
    problem = only_problem(store)
    assert problem.what == "tokenizer/bard@1"
    assert problem.problem == f"its artifact {artifact[:12]} is not in the store"
    assert problem.made_by == "run r000000001"


def test_an_item_that_cannot_be_read_hides_no_other(store: Store) -> None:
    for name in ("bard", "cook"):
        store.items.add_version("tokenizer", name, make_artifact(store, "tokenizer", name), None)
    path = store.items.root / "default" / "tokenizer" / "bard.json"
    path.write_text("{")
    store.artifacts.delete(store.items.get("tokenizer", "cook").latest.artifact)
    assert [problem.what for problem in verify_store(store)] == ["item bard", "tokenizer/cook@1"]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("run.json", "The file run.json of run {run} cannot be read."),
        ("DONE.json", "The file DONE.json of run {run} cannot be read."),
        ("ledger.jsonl", "Line 1 of ledger.jsonl cannot be read."),
        ("attempts/1/events.jsonl", "Line 1 of events.jsonl cannot be read."),
    ],
)
def test_a_damaged_run_is_explained(store: Store, file: str, words: str) -> None:
    _, stage = make_training(store, "hamlet")
    (stage.path / file).write_text("{\n")
    problem = only_problem(store)
    assert problem.what == f"run {stage.id}"
    assert problem.problem == words.format(run=stage.id)
    assert problem.remedy == f"Remove the folder {stage.path}; the recipe makes the run anew."
