"""A real recipe, planned by the helper and run by real workers: what is cached, what runs again and why."""

import shutil
from pathlib import Path

import pytest

from glassworks.common.errors import Conflict, GlassworksError, InvalidSpec, NotFound
from glassworks.engine.attempt import Stopper, busy, prune_attempts
from glassworks.engine.continue_run import branched_recipe, continued_recipe, open_continued
from glassworks.engine.drive import drive
from glassworks.engine.estimate import estimate_recipe
from glassworks.engine.follow import FlowFollower
from glassworks.engine.listing import list_items, list_runs, list_stages, show_reference
from glassworks.engine.model import load_model
from glassworks.engine.plan import make_plan
from glassworks.engine.references import resolve_artifact, resolve_run
from glassworks.engine.verify import verify_store
from glassworks.flow.recipe import apply_settings, parse_recipe
from glassworks.specs.flow import InlineDocument, RecipeSpec
from glassworks.storage.atomic import read_json, remove_folder
from glassworks.storage.locks import exclusive
from glassworks.storage.states import steps
from tests.conftest import MACHINE
from tests.engine.conftest import Trained
from tests.engine.counts import child
from tests.engine.stores import flip_bit

NODES = ["data", "split", "tokenizer", "tokens", "train"]


def test_a_trained_run_is_all_there(trained: Trained) -> None:
    store = trained.workshop.store
    run = store.runs.get(trained.run)
    assert run.state().status == "done"
    assert list(run.state().nodes) == NODES
    stage = child(trained.workshop, run, "train")
    state = stage.state()
    assert [row["step"] for row in stage.metric_rows()] == list(range(1, 9))
    assert [e.step for e in state.evaluations] == [0, 4, 8]
    assert [c.step for c in state.checkpoints] == [4, 8]
    assert [s.step for s in state.samples] == [0, 4, 8]
    assert [p.step for p in state.tracked_prompts] == [0, 4, 8]
    assert state.attempts[0].is_bit_exact
    item = store.items.get("model", "tiny")
    assert item.latest.artifact == run.state().outputs["train.checkpoint"]
    assert verify_store(store) == []


# --- planning ----------------------------------------------------------------------------------------------------


def test_a_plan_leaves_nothing_open(trained: Trained) -> None:
    spec = make_plan(trained.workshop, trained.recipe, MACHINE, name="other")
    assert spec.output_name == "other"
    assert [node.name for node in spec.nodes] == NODES
    train = spec.nodes[-1]
    assert train.config["threads"] == 1
    assert "auto" not in (train.config["device"], train.config["dtype"])
    assert "keep_states" in train.config
    assert "keep_states" not in train.hashed_config
    assert set(train.libraries) == {"torch"}
    document = train.inputs["architecture"].artifact
    assert document is not None
    folder = trained.workshop.store.artifacts.path(document)
    assert read_json(folder / "architecture.json")["width"] == 16


def test_a_recipe_may_take_what_exists_already(trained: Trained) -> None:
    document = trained.recipe.to_json()
    del document["nodes"]["data"], document["nodes"]["split"]
    for node in ("tokenizer", "tokens"):
        for port, value in document["nodes"][node]["inputs"].items():
            if value.startswith("split."):
                outputs = trained.workshop.store.runs.get(trained.run).state().outputs
                document["nodes"][node]["inputs"][port] = outputs[value][:12]
    assert trained.drive(RecipeSpec.model_validate(document)) == {}


@pytest.mark.parametrize(
    ("setting", "code", "where"),
    [
        ("train.stpes=5", "invalid-config", "train.stpes"),
        ("train.steps=none", "invalid-config", "train.steps"),
        ("train.batch_size=0", "invalid-config", "train.batch_size"),
        ("data.source.path=nowhere.txt", "file-not-found", "/"),  # a file has its own name
        ("train.architecture.attention.heads=3", "impossible-architecture", "train."),
    ],
)
def test_a_wrong_setting_is_told_before_anything_runs(
    trained: Trained, setting: str, code: str, where: str
) -> None:
    runs = len(trained.workshop.store.runs.all_folders())
    with pytest.raises(GlassworksError) as caught:
        make_plan(trained.workshop, apply_settings(trained.recipe, [setting]), MACHINE)
    assert caught.value.code == code
    assert caught.value.where.startswith(where)
    assert caught.value.hint
    assert len(trained.workshop.store.runs.all_folders()) == runs


@pytest.mark.parametrize(("name", "project"), [("My Model", "default"), ("tiny", "No Project")])
def test_a_name_that_could_not_be_kept_is_told_before_anything_runs(
    trained: Trained, name: str, project: str
) -> None:
    with pytest.raises(InvalidSpec) as caught:
        make_plan(trained.workshop, trained.recipe, MACHINE, name, project=project)
    assert caught.value.code == "bad-name"


# --- cache -------------------------------------------------------------------------------------------------------


def test_other_names_and_another_order_run_nothing(trained: Trained) -> None:
    document = trained.recipe.to_json()
    text = str({**document, "nodes": dict(reversed(document["nodes"].items()))})
    for old, new in (("tokens", "zebra"), ("split", "apple")):
        text = text.replace(f"'{old}'", f"'{new}'").replace(f"'{old}.", f"'{new}.")
    renamed = parse_recipe(text.replace("None", "null"), "renamed")
    assert set(renamed.nodes) == {"data", "apple", "tokenizer", "zebra", "train"}
    assert trained.drive(renamed) == {}


def test_an_optional_output_is_made_where_it_is_asked_for(trained: Trained) -> None:
    document = trained.recipe.to_json()
    del document["nodes"]["train"]
    document["nodes"]["tokens"]["inputs"]["test"] = "split.test"
    asks = RecipeSpec.model_validate({**document, "output": "tokens.test", "settings": {}})
    with pytest.raises(
        InvalidSpec, match=r"tokens\.test takes split\.test, which was not made"
    ) as caught:
        trained.drive(asks)
    assert caught.value.code == "output-not-made"
    part = {"kind": "fraction", "fraction": 0.1}
    document["nodes"]["split"]["config"]["test"] = part
    made = RecipeSpec.model_validate({**document, "output": "tokens.test", "settings": {}})
    assert list(trained.drive(made)) == ["split", "tokenizer", "tokens"]


def test_what_is_shown_only_runs_nothing(trained: Trained) -> None:
    assert trained.drive(apply_settings(trained.recipe, ["train.keep_states=5"])) == {}


def test_a_changed_field_runs_what_depends_on_it_and_says_why(trained: Trained) -> None:
    document = trained.recipe.to_json()
    del document["nodes"][
        "train"
    ]  # it would run too, for the same kind of reason, and takes longest
    short = RecipeSpec.model_validate({**document, "output": "tokens.train", "settings": {}})
    assert trained.drive(short) == {}
    reasons = trained.drive(apply_settings(short, ["tokenizer.trainer.vocab_size=281"]))
    assert list(reasons) == ["tokenizer", "tokens"]
    assert reasons["tokenizer"] == "config trainer.vocab_size: 280 → 281"
    assert reasons["tokens"].startswith("input tokenizer: ")


def test_a_changed_file_is_read_again_and_an_equal_result_stops_there(
    trained: Trained, tmp_path: Path
) -> None:
    old = Path(trained.recipe.nodes["data"].config["source"]["path"])
    text = tmp_path / "elsewhere" / old.name
    text.parent.mkdir()
    text.write_text(old.read_text() + "\n\n\n")
    reasons = trained.drive(apply_settings(trained.recipe, [f"data.source.path={text}"]))
    assert list(reasons) == ["data"]
    assert "config source.fingerprint: " in reasons["data"]


def test_a_deleted_artifact_is_made_anew_and_nothing_else(trained: Trained) -> None:
    outputs = trained.workshop.store.runs.get(trained.run).state().outputs
    artifact = outputs["tokenizer.tokenizer"]
    trained.workshop.store.artifacts.delete(artifact)
    told = f"its result cannot be used: artifact {artifact[:12]} is no longer in the store"
    assert trained.drive(trained.recipe) == {"tokenizer": told}
    assert trained.workshop.store.artifacts.verify(artifact) == []


def test_a_corrupt_artifact_is_explained_and_its_remedy_works(trained: Trained) -> None:
    store = trained.workshop.store
    artifact = store.runs.get(trained.run).state().outputs["tokens.train"]
    flip_bit(next(store.artifacts.path(artifact).glob("shard-*.bin")))
    (problem,) = verify_store(store)
    maker = child(trained.workshop, store.runs.get(trained.run), "tokens")
    assert problem.made_by == f"run {maker.id} (tiny/tokens)"
    assert problem.remedy.startswith(f"Remove the folder {store.artifacts.folder(artifact)} ")
    store.artifacts.delete(artifact)
    assert list(trained.drive(trained.recipe)) == ["tokens"]
    assert verify_store(store) == []


# --- going on ----------------------------------------------------------------------------------------------------


def test_a_finished_training_goes_further_from_its_last_state(trained: Trained) -> None:
    workshop = trained.workshop
    parent = workshop.store.runs.get(trained.run)
    found = continued_recipe(workshop, parent, ["steps=+4"])
    stage = child(workshop, parent, "train")
    assert found.starts == {"train": f"{stage.id}:8"}
    assert found.recipe.nodes["train"].config["steps"] == 12
    run, _ = open_continued(workshop, MACHINE, parent, ["steps=+4"], None)
    state = drive(workshop, run, MACHINE, Stopper())
    assert state.status == "done", state.error
    assert [d.action for d in state.nodes.values()] == ["reuse"] * 4 + ["run"]
    assert "start: from another saved state" in state.nodes["train"].changes
    further = child(workshop, run, "train")
    assert [a.from_step for a in further.state().attempts] == [8]
    assert [row["step"] for row in further.metric_rows()] == [9, 10, 11, 12]
    assert [c.step for c in further.state().checkpoints] == [8, 12]
    assert (run.spec().continues, run.spec().continues_at) == (parent.id, None)
    assert (further.spec().continues, further.spec().continues_at) == (stage.id, 8)
    assert [v.number for v in workshop.store.items.get("model", "tiny").versions] == [1, 2]

    again = continued_recipe(workshop, run, ["steps=+1"])
    assert again.recipe.nodes["train"].config["steps"] == 13
    assert again.starts == {"train": f"{further.id}:12"}


def test_a_branch_goes_another_way_from_a_state(trained: Trained) -> None:
    """The state may be gone from the parent by the time the branch begins: the branch holds it from the first moment."""
    workshop = trained.workshop
    parent = workshop.store.runs.get(trained.run)
    stage = child(workshop, parent, "train")
    slower = ["train.optimizer.learning_rate=0.001"]
    run, is_resumed = open_continued(workshop, MACHINE, parent, slower, "other", "4")
    assert not is_resumed
    remove_folder(stage.attempt(1).state_dir / "step-4")
    state = drive(workshop, run, MACHINE, Stopper())
    assert state.status == "done", state.error
    branch = child(workshop, run, "train")
    assert [row["step"] for row in branch.metric_rows()] == [5, 6, 7, 8]
    assert [a.from_step for a in branch.state().attempts] == [4]
    assert (run.spec().continues, run.spec().continues_at) == (parent.id, 4)
    assert (branch.spec().continues, branch.spec().continues_at) == (stage.id, 4)
    old = {row["step"]: row["loss"] for row in stage.metric_rows()}
    new = {row["step"]: row["loss"] for row in branch.metric_rows()}
    assert new[5] == old[5], "the first step sees the same batch with the same weights"
    assert new[8] != old[8]
    assert list((run.path / "held").iterdir()) == []


def test_a_branch_of_the_same_settings_is_the_same_run(trained: Trained) -> None:
    workshop = trained.workshop
    parent = workshop.store.runs.get(trained.run)
    stage = child(workshop, parent, "train")
    run, _ = open_continued(workshop, MACHINE, parent, [], "same", "4")
    assert drive(workshop, run, MACHINE, Stopper()).status == "done"
    branch = child(workshop, run, "train")
    rows = {row["step"]: row["loss"] for row in branch.metric_rows()}
    assert rows == {r["step"]: r["loss"] for r in stage.metric_rows() if r["step"] > 4}
    assert run.state().outputs["train.checkpoint"] == parent.state().outputs["train.checkpoint"]


def test_where_only_the_checkpoint_is_left_a_branch_begins_with_its_weights(
    trained: Trained,
) -> None:
    workshop = trained.workshop
    parent = workshop.store.runs.get(trained.run)
    stage = child(workshop, parent, "train")
    remove_folder(stage.attempt(1).state_dir / "step-4")
    found = branched_recipe(workshop, stage, "4", ["steps=2"])
    saved = {c.step: c.artifact for c in stage.state().checkpoints}
    assert (found.starts, found.step) == ({}, 4)
    assert found.recipe.nodes["train"].inputs["init_from"] == saved[4]
    run, _ = open_continued(workshop, MACHINE, stage, ["steps=2"], None, "4")
    state = drive(workshop, run, MACHINE, Stopper())
    assert state.status == "done", state.error
    branch = child(workshop, run, "train")
    assert [row["step"] for row in branch.metric_rows()] == [1, 2]
    assert [f.code for f in branch.state().findings] == ["begun-from-checkpoint"]


def test_a_branch_of_a_run_that_is_driven_asks_for_no_lock(trained: Trained) -> None:
    run = trained.workshop.store.runs.get(trained.run)
    stage = child(trained.workshop, run, "train")
    with exclusive(stage.lock_file, busy(stage)):
        found = branched_recipe(trained.workshop, run, "latest", [])
    assert found.starts == {"train": f"{stage.id}:8"}


def test_a_step_that_was_not_saved_cannot_be_branched(trained: Trained) -> None:
    run = trained.workshop.store.runs.get(trained.run)
    with pytest.raises(NotFound) as caught:
        branched_recipe(trained.workshop, run, "5", [])
    assert caught.value.hint == "It has: 4, 8."


def test_earlier_attempts_keep_only_the_newest_states(trained: Trained) -> None:
    run = trained.workshop.store.runs.get(trained.run)
    stage = child(trained.workshop, run, "train")
    second = stage.new_attempt()
    for step in (9, 10):
        shutil.copytree(stage.attempt(1).state_dir / "step-8", second.state_dir / f"step-{step}")
    prune_attempts(stage)
    assert steps(stage.attempt(1).state_dir) == []
    assert steps(second.state_dir) == [9, 10]


def test_a_run_without_a_state_cannot_be_continued(trained: Trained) -> None:
    run = trained.workshop.store.runs.get(trained.run)
    stage = child(trained.workshop, run, "train")
    for step in (4, 8):
        folder = stage.attempt(1).state_dir / f"step-{step}"
        (folder / "manifest.json").unlink()
    with pytest.raises(Conflict) as caught:
        continued_recipe(trained.workshop, run, ["steps=+4"])
    assert caught.value.code == "no-state"
    assert [aside.step for aside in stage.state().set_aside] == [8, 4]


def test_a_run_that_is_driven_cannot_be_continued(trained: Trained) -> None:
    run = trained.workshop.store.runs.get(trained.run)
    stage = child(trained.workshop, run, "train")
    with exclusive(stage.lock_file, busy(stage)), pytest.raises(Conflict) as caught:
        continued_recipe(trained.workshop, run, ["steps=+4"])
    assert caught.value.code == "run-busy"


def test_references_to_a_trained_run(trained: Trained) -> None:
    store = trained.workshop.store
    run = resolve_run(store, "tiny")
    assert run.id == trained.run
    saved = {c.step: c.artifact for c in child(trained.workshop, run, "train").state().checkpoints}
    assert resolve_artifact(store, "tiny:4").artifact == saved[4]
    assert resolve_artifact(store, f"{trained.run}:latest").artifact == saved[8]
    assert resolve_artifact(store, "tiny:best").artifact in saved.values()
    assert resolve_artifact(store, "tiny", "checkpoint").artifact == saved[8]


# --- looking -----------------------------------------------------------------------------------------------------


def test_lists(trained: Trained) -> None:
    (row,) = list_runs(trained.workshop)
    assert (row["id"], row["name"], row["recipe"]) == (trained.run, "tiny", "tiny")
    assert row["status"] == "done"
    assert row["nodes"] == dict.fromkeys(NODES, "run")
    assert row["duration_s"] > 0
    assert list_runs(trained.workshop, "other") == []
    (item,) = list_items(trained.workshop)
    assert (item["kind"], item["name"], item["version"]) == ("model", "tiny", 1)
    stages = {stage["name"]: stage for stage in list_stages(trained.workshop)}
    assert stages["split_dataset"]["outputs"] == dict.fromkeys(
        ("train", "validation", "test"), "dataset"
    )


def test_a_damaged_run_does_not_hide_the_list(trained: Trained) -> None:
    run = trained.workshop.store.runs.get(trained.run)
    run.ledger.path.write_text("{\n")
    (row,) = list_runs(trained.workshop)
    assert (row["id"], row["status"]) == (trained.run, "failed")


def test_a_run_that_nobody_drives_is_interrupted(trained: Trained) -> None:
    run = trained.workshop.store.runs.get(trained.run)
    lines = run.ledger.path.read_text().splitlines(keepends=True)
    run.ledger.path.write_text("".join(lines[:-1]))
    assert show_reference(trained.workshop, run.id)["status"] == "interrupted"


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("{run}", "run"),
        ("{short}", "run"),
        ("tiny/train", "run"),
        ("run/tiny", "run"),
        ("tiny", "artifact"),
        ("model/tiny@1", "artifact"),
        ("tiny:best", "artifact"),
        ("split_dataset", "stage"),
        ("first-model", "recipe"),
    ],
)
def test_show_says_what_a_reference_is(trained: Trained, text: str, type_: str) -> None:
    shown = show_reference(trained.workshop, text.format(run=trained.run, short=trained.run[:6]))
    assert shown["type"] == type_


def test_show_tells_all_of_a_run(trained: Trained) -> None:
    stage = child(trained.workshop, trained.workshop.store.runs.get(trained.run), "train")
    shown = show_reference(trained.workshop, stage.id)
    assert (shown["stage"], shown["kind"], shown["config"]["steps"]) == ("train_model", "stage", 8)
    assert [checkpoint["step"] for checkpoint in shown["checkpoints"]] == [4, 8]
    flow = show_reference(trained.workshop, trained.run)
    assert [node["status"] for node in flow["nodes"]] == ["done"] * 5


@pytest.mark.parametrize("text", ["nothing", "", "no/such/file", "a b", "tiny@9x"])
def test_show_says_when_there_is_nothing(trained: Trained, text: str) -> None:
    with pytest.raises(NotFound):
        show_reference(trained.workshop, text)


def test_a_finished_flow_can_be_followed_from_its_folders(trained: Trained) -> None:
    store = trained.workshop.store
    follower = FlowFollower(store, store.runs.get(trained.run))
    assert {view.status for view in follower.nodes.values()} == {"waiting"}
    assert follower.poll()
    assert not follower.poll()
    assert [view.status for view in follower.nodes.values()] == ["done"] * 5
    assert len(follower.nodes["train"].rows) == 8
    assert follower.current is not None
    assert follower.current.name == "train"
    assert not follower.is_driven
    stage = child(trained.workshop, follower.run, "train")
    alone = FlowFollower(store, stage)
    alone.poll()
    assert [(view.name, view.status) for view in alone.nodes.values()] == [("train", "done")]


def test_an_estimate_is_arithmetic_over_the_recipe(trained: Trained) -> None:
    found = estimate_recipe(trained.workshop, trained.recipe, MACHINE)
    assert found["recipe"] == "tiny"
    assert list(found["nodes"]) == ["train"]
    checkpoint = trained.workshop.store.items.get("model", "tiny").latest.artifact
    summary = child(trained.workshop, resolve_run(trained.workshop.store, "tiny"), "train").done()
    assert summary is not None
    manifest = trained.workshop.store.artifacts.manifest(checkpoint)
    assert found["nodes"]["train"]["parameters"] >= manifest.summary["step"]


def test_a_model_without_its_tokenizer_is_told(trained: Trained) -> None:
    outputs = trained.workshop.store.runs.get(trained.run).state().outputs
    assert load_model(trained.workshop, "tiny").label == "model/tiny@1"
    trained.workshop.store.artifacts.delete(outputs["tokenizer.tokenizer"])
    with pytest.raises(NotFound) as caught:
        load_model(trained.workshop, "tiny")
    assert caught.value.code == "tokenizer-missing"


def test_an_inline_document_is_published_once(trained: Trained) -> None:
    before = set(trained.workshop.store.artifacts.ids())
    make_plan(trained.workshop, trained.recipe, MACHINE)
    assert set(trained.workshop.store.artifacts.ids()) == before
    wide = apply_settings(trained.recipe, ["train.architecture.width=32"])
    make_plan(trained.workshop, wide, MACHINE)
    (new,) = set(trained.workshop.store.artifacts.ids()) - before
    assert trained.workshop.store.artifacts.manifest(new).kind == "architecture"
    assert isinstance(wide.nodes["train"].inputs["architecture"], InlineDocument)
