"""Promised against taken: what stands in the ledger of a training, and a model chosen for a time."""

import math
from pathlib import Path

import pytest

from glassworks import api
from glassworks.common.errors import InvalidSpec
from glassworks.engine.estimate import estimate_recipe
from glassworks.engine.history import speed_history
from glassworks.engine.known import known_inputs
from glassworks.engine.plan import make_plan, resolve_nodes
from glassworks.engine.planning import recipe_for_minutes
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import load_recipe
from glassworks.specs.flow import InlineDocument, NodeSpec
from glassworks.specs.run import RunState
from tests.conftest import MACHINE, TinyRecipe


def training_of(workshop: Workshop, run: str) -> RunState:
    decision = workshop.store.runs.get(run).state().nodes["train"]
    return workshop.store.runs.get(decision.run).state()


def test_a_training_is_predicted_and_measured(home: Path, tiny_recipe: TinyRecipe) -> None:
    first = api.run(str(tiny_recipe(steps=24, evaluate_every=12, checkpoint_every=12)))
    with Workshop() as workshop:
        state = training_of(workshop, first.run)
        promised, taken = state.prediction, state.measured
        assert promised is not None
        assert taken is not None
        assert promised.time_s is None, "nothing was ever trained here"
        assert promised.first_loss == pytest.approx(math.log(280))
        assert taken.first_loss == pytest.approx(promised.first_loss, rel=0.01)
        assert taken.final_loss == state.evaluations[-1].values["validation_loss"]
        assert taken.time_s > 0
        assert taken.disk_bytes is not None
        assert promised.disk_bytes is not None
        # small files beside the weights: architecture, manifests
        assert promised.disk_bytes < taken.disk_bytes < promised.disk_bytes + 100_000

        (point,) = speed_history(workshop.store, MACHINE).points
        assert point.where == "cpu/fp32"
        assert point.wall_s == pytest.approx(taken.time_s, rel=0.1)
        assert promised.memory_bytes is not None
        assert promised.program_bytes is not None
        assert taken.memory_bytes is not None
        off = taken.memory_bytes - promised.memory_bytes
        assert point.beside_bytes == promised.program_bytes + off
        again = api.estimate(str(tiny_recipe(steps=24)))["nodes"]["train"]
        assert again["program_bytes"] == point.beside_bytes, "what was taken is expected next time"
        shown = api.show(first.run)
        (node,) = [node for node in shown["nodes"] if node["node"] == "train"]
        assert node["measured"]["time_s"] == taken.time_s

    second = api.run(str(tiny_recipe(steps=24, seed=4)), minutes=0.5)
    with Workshop() as workshop:
        state = training_of(workshop, second.run)
        assert state.prediction is not None
        assert state.prediction.asked_s == 30
        assert state.prediction.time_s is not None
        assert state.prediction.based_on_runs == 1
        assert state.measured is not None
        plan = workshop.store.runs.get(second.run).spec().plan
        assert plan is not None
        given = plan.recipe.nodes["train"].inputs["architecture"]
        assert isinstance(given, InlineDocument)
        assert given.inline["width"] == 64, "the dial's narrowest"
        (tokens_run,) = [r for r in workshop.store.runs.all() if r.spec().name.endswith("/tokens")]
        done = tokens_run.done()
        assert done is not None
        tokens = workshop.store.artifacts.manifest(done.outputs["train"]).summary["tokens"]
        config = plan.recipe.nodes["train"].config
        assert config["steps"] * config["batch_size"] * 128 <= 4 * tokens + 128 * 128


def test_a_recipe_without_a_training_has_nothing_to_choose(home: Path) -> None:
    with Workshop() as workshop:
        recipe = load_recipe("clean-files")
        with pytest.raises(InvalidSpec, match="trains no model"):
            recipe_for_minutes(workshop, recipe, 10, MACHINE)


@pytest.mark.parametrize(("name", "tokens"), [("arithmetic", 15), ("first-model", 2048)])
def test_the_vocabulary_is_known_before_the_tokenizer_is(
    home: Path, name: str, tokens: int
) -> None:
    (training,) = api.estimate(name)["nodes"].values()
    assert training["first_loss"] == pytest.approx(math.log(tokens))


def test_a_model_of_a_vocabulary_that_nobody_knows_yet_has_no_estimate(
    home: Path, tiny_recipe: TinyRecipe
) -> None:
    (home / "tokenizer.json").write_text("{}")
    with Workshop() as workshop:
        recipe = load_recipe(str(tiny_recipe()))
        unknown = NodeSpec(stage="import_tokenizer", config={"path": str(home / "tokenizer.json")})
        nodes = {**recipe.nodes, "tokenizer": unknown}
        assert (
            estimate_recipe(workshop, recipe.model_copy(update={"nodes": nodes}), MACHINE)["nodes"]
            == {}
        )


def test_a_preset_stands_in_for_a_document(home: Path, tiny_recipe: TinyRecipe) -> None:
    with Workshop() as workshop:
        recipe = load_recipe(str(tiny_recipe()))
        node = recipe.nodes["train"]
        inputs = {**node.inputs, "architecture": "preset:smollm2-1.7b"}
        nodes = {**recipe.nodes, "train": node.model_copy(update={"inputs": inputs})}
        plan = make_plan(workshop, recipe.model_copy(update={"nodes": nodes}), MACHINE)
        artifact = plan.nodes[-1].inputs["architecture"].artifact
        assert artifact is not None
        assert workshop.store.artifacts.manifest(artifact).summary["width"] == 2048
        resolved = resolve_nodes(workshop, recipe, list(recipe.nodes), MACHINE)
        known = known_inputs(workshop, recipe, resolved, "train")
        assert known == {}, "nothing was tokenized yet"
