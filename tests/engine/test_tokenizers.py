"""Which tokenizer is meant, where it lies, which there are, and what one was learned from."""

import json
from pathlib import Path

import pytest

from glassworks.common.errors import Conflict, InvalidSpec, NotFound
from glassworks.common.ids import new_run_id
from glassworks.engine.tokenizers import (
    find_tokenizer,
    learned_from,
    list_tokenizers,
    locate,
)
from glassworks.specs.artifact import ArtifactKind
from glassworks.specs.events import NodeDecided
from glassworks.specs.flow import PlannedNode
from glassworks.specs.run import RunSpec
from glassworks.storage.runs import RunFolder, now_done
from glassworks.storage.store import Store, open_store
from tests.engine.stores import make_artifact


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store")


def publish(store: Store, name: str, **files: str) -> str:
    """An artifact of the kind that `name` begins with; `checkpoint_json="..."` is a file `checkpoint.json`."""
    folder = store.root / "parts" / name
    folder.mkdir(parents=True)
    for file, text in files.items():
        (folder / file.replace("_json", ".json")).write_text(text)
    summary = {"vocab_size": 700, "kind": "byte_bpe"}
    kind: ArtifactKind = "checkpoint" if name.startswith("checkpoint") else "tokenizer"
    return store.artifacts.publish_folder(kind, folder, summary).id


def model_of(store: Store, tokenizer: str) -> str:
    return publish(
        store, f"checkpoint{tokenizer[:4]}", checkpoint_json=json.dumps({"tokenizer": tokenizer})
    )


def test_a_tokenizer_by_its_name_its_version_its_id_and_by_a_models_name(store: Store) -> None:
    first, second = publish(store, "t1", a="1"), publish(store, "t2", a="2")
    for artifact in (first, second):
        store.items.add_version("tokenizer", "bard", artifact, "r4k7m2p9xq")
    store.items.add_version("model", "hamlet", model_of(store, first), None)
    for ref, artifact, label, kind in (
        ("bard", second, "bard@2", "item"),
        ("bard@1", first, "bard@1", "item"),
        (first[:10], first, first[:12], "artifact"),
        ("hamlet", first, "hamlet@1", "model"),
        ("model/hamlet", first, "hamlet@1", "model"),
    ):
        found = find_tokenizer(store, ref)
        assert (found.artifact, found.label, found.kind) == (artifact, label, kind), ref
        assert found.where == str(store.artifacts.path(artifact)) == locate(store, ref, "default")
    assert find_tokenizer(store, "known:gpt2").where == "known:gpt2"


def test_a_path_is_for_the_command_line_only(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text("{}")
    assert locate(store, str(file), "default") == str(file)
    inside = store.artifacts.path(publish(store, "t", a="1"))
    for text in (str(file), str(inside), str(tmp_path), "../tokenizer.json", "/etc/passwd", "."):
        with pytest.raises(NotFound):
            find_tokenizer(store, text)


def test_what_has_no_tokenizer_says_so(store: Store) -> None:
    parts = {port: make_artifact(store, "evaluation", port) for port in ("one", "two")}
    run = stage_run(store, store.runs.create(_spec("flow")), parts, {})
    with pytest.raises(Conflict, match="2 outputs"):
        find_tokenizer(store, run.id)
    store.items.add_version("dataset", "plays", make_artifact(store, "dataset", "d"), None)
    with pytest.raises(InvalidSpec, match="a tokenizer is needed"):
        find_tokenizer(store, "plays")
    store.items.add_version("model", "lost", model_of(store, "0" * 64), None)
    with pytest.raises(NotFound) as error:
        find_tokenizer(store, "lost")
    assert error.value.code == "tokenizer-missing"


def test_items_come_first_then_models_and_what_is_gone_says_so(store: Store) -> None:
    artifact = publish(store, "t", a="1")
    store.items.add_version("model", "lost", model_of(store, "0" * 64), None)
    store.items.add_version("model", "hamlet", model_of(store, artifact), None)
    store.items.add_version("tokenizer", "bard", artifact, None)
    store.items.add_version("tokenizer", "other", artifact, None, "elsewhere")
    rows = list_tokenizers(store)
    assert [row["ref"] for row in rows] == ["tokenizer/bard", "model/hamlet", "model/lost"]
    assert [row["is_present"] for row in rows] == [True, True, False]
    assert {row["artifact"] for row in rows[:2]} == {artifact}
    assert (rows[0]["vocab_size"], rows[0]["type"]) == (700, "byte_bpe")
    with pytest.raises(InvalidSpec):
        list_tokenizers(store, "../default")


def test_what_it_was_learned_from_is_found_through_what_was_made_of_it(store: Store) -> None:
    dataset = make_artifact(store, "dataset", "d")
    plain, extended = publish(store, "t1", a="1"), publish(store, "t2", a="2")
    flow = store.runs.create(_spec("flow"))
    learning = stage_run(store, flow, {"tokenizer": plain}, {"dataset": dataset})
    stage_run(store, flow, {"tokenizer": extended}, {"tokenizer": plain})
    store.items.add_version("tokenizer", "plain", plain, learning.id)
    store.items.add_version("tokenizer", "extended", extended, flow.id)
    store.items.add_version("tokenizer", "orphan", extended, None)
    store.items.add_version("tokenizer", "forgotten", extended, "r222222222")
    learned = {
        name: learned_from(store, find_tokenizer(store, name))
        for name in ("plain", "extended", "orphan", "forgotten", "known:gpt2")
    }
    assert learned == {
        "plain": dataset,
        "extended": dataset,
        "orphan": None,
        "forgotten": None,
        "known:gpt2": None,
    }
    store.artifacts.delete(dataset)
    assert learned_from(store, find_tokenizer(store, "plain")) is None


def stage_run(
    store: Store, flow: RunFolder, outputs: dict[str, str], inputs: dict[str, str]
) -> RunFolder:
    """A finished stage run of a flow."""
    run = store.runs.create(_spec("stage", flow.id))
    run.finish(now_done(outputs, inputs))
    node = f"n{len(flow.state().nodes)}"
    flow.record(NodeDecided(node=node, action="run", key="k", run=run.id, reason="never run"))
    return run


def _spec(kind: str, flow: str | None = None) -> RunSpec:
    node = PlannedNode(
        name="n",
        stage="train_tokenizer",
        version=1,
        config={},
        hashed_config={},
        inputs={},
        outputs={"tokenizer": "tokenizer"},
    )
    return RunSpec.model_validate(
        {
            "id": new_run_id(),
            "kind": kind,
            "name": "made",
            "created_at": "2026-01-01T00:00:00.000000Z",
            "key": "k",
            "node": node if kind == "stage" else None,
            "flow_run": flow,
        }
    )
