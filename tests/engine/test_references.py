"""References: every form that there is, and every way to be wrong."""

import json
from pathlib import Path

import pytest

from glassworks.common.errors import Conflict, GlassworksError, InvalidSpec, NotFound
from glassworks.engine.references import resolve_artifact, resolve_run
from glassworks.specs.events import NodeDecided
from glassworks.storage.runs import RunFolder, now_done
from glassworks.storage.store import Store, open_store
from tests.engine.stores import checkpoint, make_artifact, make_training, same_beginning


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store")


@pytest.fixture
def hamlet(store: Store) -> tuple[RunFolder, RunFolder]:
    """A finished training `hamlet`: model versions 1 and 2, the alias `champion` on 1; a tokenizer `bard`."""
    flow, stage = make_training(store, "hamlet")
    store.items.add_version("model", "hamlet", checkpoint(store, "hamlet", 10), None)
    store.items.add_version("model", "hamlet", checkpoint(store, "hamlet", 30), stage.id)
    path = store.items.root / "default" / "model" / "hamlet.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "aliases": {"champion": 1}}))
    store.items.add_version("tokenizer", "bard", make_artifact(store, "tokenizer", "t"), None)
    return flow, stage


@pytest.mark.parametrize(
    ("text", "step", "label"),
    [
        ("hamlet", 30, "model/hamlet@2"),
        ("model/hamlet", 30, "model/hamlet@2"),
        ("hamlet@1", 10, "model/hamlet@1"),
        ("model/hamlet@2", 30, "model/hamlet@2"),
        ("hamlet@champion", 10, "model/hamlet@1"),
        ("hamlet:20", 20, "hamlet/train:20 (run {stage})"),
        ("hamlet:latest", 30, "hamlet/train:30 (run {stage})"),
        ("hamlet:best", 20, "hamlet/train:20 (run {stage})"),
        ("{flow}:20", 20, "hamlet/train:20 (run {stage})"),
        ("{stage}:20", 20, "hamlet/train:20 (run {stage})"),
        ("{prefix}:best", 20, "hamlet/train:20 (run {stage})"),
        ("hamlet/train:10", 10, "hamlet/train:10 (run {stage})"),
        ("{stage}", 30, "hamlet/train (checkpoint, run {stage})"),
    ],
)
@pytest.mark.parametrize("wanted", ["checkpoint", None])
def test_every_form(
    store: Store,
    hamlet: tuple[RunFolder, RunFolder],
    text: str,
    step: int,
    label: str,
    wanted: str | None,
) -> None:
    flow, stage = hamlet
    words = {"flow": flow.id, "stage": stage.id, "prefix": stage.id[:7]}
    found = resolve_artifact(store, text.format(**words), wanted)
    assert found.artifact == checkpoint(store, "hamlet", step)
    assert (found.kind, found.label) == ("checkpoint", label.format(**words))


def test_the_beginning_of_an_artifacts_id(
    store: Store, hamlet: tuple[RunFolder, RunFolder]
) -> None:
    artifact = checkpoint(store, "hamlet", 20)
    for length in (8, 12, 64):
        found = resolve_artifact(store, artifact[:length], "checkpoint")
        assert (found.artifact, found.label) == (artifact, artifact[:12])


def test_a_flow_runs_output_of_the_wanted_kind(
    store: Store, hamlet: tuple[RunFolder, RunFolder]
) -> None:
    flow, _ = hamlet
    assert resolve_artifact(store, flow.id, "evaluation").kind == "evaluation"
    with pytest.raises(Conflict, match="has 2 outputs"):
        resolve_artifact(store, flow.id)


def test_an_unfinished_run_is_its_newest_checkpoint(store: Store) -> None:
    flow, _ = make_training(store, "macbeth", is_done=False)
    for text in (flow.id, "macbeth"):
        assert resolve_artifact(store, text).artifact == checkpoint(store, "macbeth", 30)


def test_of_two_trainings_the_newest_and_in_the_end_the_one_that_the_run_was_for(
    store: Store,
) -> None:
    flow, first = make_training(store, "lear", is_done=False)
    _, further = make_training(store, "cordelia", is_done=False)
    flow.record(
        NodeDecided(node="further", action="run", key="k", run=further.id, reason="never run")
    )
    assert resolve_artifact(store, f"{flow.id}:10").artifact == checkpoint(store, "cordelia", 10)
    flow.finish(now_done({"train.checkpoint": checkpoint(store, "lear", 30)}, {}))
    assert resolve_artifact(store, f"{flow.id}:10").artifact == checkpoint(store, "lear", 10)
    assert resolve_artifact(store, f"{first.id}:10").artifact == checkpoint(store, "lear", 10)


def test_a_name_that_looks_like_an_id_is_still_a_name(store: Store) -> None:
    make_training(store, "decade", is_done=False)
    assert resolve_artifact(store, "decade").artifact == checkpoint(store, "decade", 30)


def test_the_wanted_kind_decides_between_items_of_one_name(store: Store) -> None:
    model = make_artifact(store, "checkpoint", "m")
    tokenizer = make_artifact(store, "tokenizer", "t")
    store.items.add_version("model", "twins", model, None)
    store.items.add_version("tokenizer", "twins", tokenizer, None)
    assert resolve_artifact(store, "twins", "checkpoint").artifact == model
    assert resolve_artifact(store, "twins", "tokenizer").artifact == tokenizer
    assert resolve_artifact(store, "tokenizer/twins").artifact == tokenizer
    with pytest.raises(Conflict) as caught:
        resolve_artifact(store, "twins")
    assert caught.value.code == "ambiguous-name"
    assert caught.value.hint == "Say which: tokenizer/twins, model/twins."


def test_another_project_has_its_own_names(store: Store) -> None:
    artifact = make_artifact(store, "checkpoint", "m")
    store.items.add_version("model", "ours", artifact, None, project="school")
    assert resolve_artifact(store, "ours", project="school").artifact == artifact
    with pytest.raises(NotFound):
        resolve_artifact(store, "ours")


WRONG: list[tuple[str, str | None, type[GlassworksError], str, str]] = [
    ("ophelia", None, NotFound, "reference-not-found", "Nothing here is called 'ophelia'."),
    ("", None, NotFound, "reference-not-found", "Nothing here is called ''."),
    ("model/bard", None, NotFound, "reference-not-found", "Nothing here is called 'model/bard'."),
    ("a/b/c", None, NotFound, "reference-not-found", "Nothing here is called 'a/b/c'."),
    ("/etc", None, NotFound, "reference-not-found", "Nothing here is called '/etc'."),
    ("*", None, NotFound, "reference-not-found", "Nothing here is called '*'."),
    ("ffffffff", None, NotFound, "reference-not-found", "Nothing here is called 'ffffffff'."),
    ("hamlet@3", None, NotFound, "version-not-found", "model/hamlet has no version '3'."),
    ("hamlet@0", None, NotFound, "version-not-found", "model/hamlet has no version '0'."),
    ("hamlet@²", None, NotFound, "version-not-found", "model/hamlet has no version '²'."),
    ("hamlet@loser", None, NotFound, "version-not-found", "model/hamlet has no version 'loser'."),
    ("ophelia:10", None, NotFound, "run-not-found", "There is no run 'ophelia'."),
    ("hamlet:15", None, NotFound, "no-checkpoint", "Run {flow} has no checkpoint at step 15."),
    ("hamlet:soon", None, InvalidSpec, "bad-reference", "'soon' is no step."),
    ("hamlet:²", None, InvalidSpec, "bad-reference", "'²' is no step."),
    ("hamlet:", None, InvalidSpec, "bad-reference", "'' is no step."),
    ("bard", "checkpoint", InvalidSpec, "wrong-kind", "'bard' is a tokenizer, and a checkpoint is needed here."),
    ("hamlet:10", "tokens", InvalidSpec, "wrong-kind", "'hamlet:10' is a checkpoint, and a tokens is needed here."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "error", "code", "message"), WRONG)
def test_every_way_to_be_wrong(
    store: Store,
    hamlet: tuple[RunFolder, RunFolder],
    text: str,
    wanted: str | None,
    error: type[GlassworksError],
    code: str,
    message: str,
) -> None:
    with pytest.raises(error) as caught:
        resolve_artifact(store, text, wanted)
    assert caught.value.code == code
    assert caught.value.message == message.format(flow=hamlet[0].id)
    assert caught.value.hint


def test_a_step_that_is_not_there_is_told_with_those_that_are(
    store: Store, hamlet: tuple[RunFolder, RunFolder]
) -> None:
    with pytest.raises(NotFound) as caught:
        resolve_artifact(store, "hamlet:15")
    assert caught.value.hint == "It has: 10, 20, 30."


def test_a_run_without_checkpoints_is_told(store: Store) -> None:
    flow, stage = make_training(store, "early", is_done=False)
    stage.attempt(1).events.path.write_text("")
    for text in ("early:latest", f"{stage.id}:best", flow.id):
        with pytest.raises(NotFound) as caught:
            resolve_artifact(store, text)
        assert caught.value.code == "no-checkpoint"


def test_a_beginning_that_two_artifacts_share_is_told(
    store: Store, hamlet: tuple[RunFolder, RunFolder]
) -> None:
    artifact = checkpoint(store, "hamlet", 20)
    same_beginning(store, artifact)
    with pytest.raises(Conflict) as caught:
        resolve_artifact(store, artifact[:8])
    assert caught.value.code == "ambiguous-id"
    assert resolve_artifact(store, artifact).artifact == artifact


def test_an_item_whose_artifact_is_gone_is_told(
    store: Store, hamlet: tuple[RunFolder, RunFolder]
) -> None:
    store.artifacts.delete(checkpoint(store, "hamlet", 30))
    with pytest.raises(NotFound) as caught:
        resolve_artifact(store, "hamlet")
    assert caught.value.code == "artifact-missing"


def test_a_name_means_the_flow_run_and_the_newest(store: Store) -> None:
    older, _ = make_training(store, "twice")
    newer, stage = make_training(store, "twice")
    path = newer.spec_file
    path.write_text(path.read_text().replace("2026-01-01", "2026-01-02"))
    assert resolve_run(store, "twice").id == newer.id
    assert resolve_run(store, "run/twice").id == newer.id
    assert resolve_run(store, "twice/train").id in {stage.id, *_stages(store, older)}
    with pytest.raises(NotFound):
        resolve_run(store, "thrice")


def _stages(store: Store, flow: RunFolder) -> list[str]:
    return [decision.run for decision in flow.state().nodes.values()]
