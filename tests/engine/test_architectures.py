"""The architecture of a run, whether its recipe writes the document or names one."""

import pytest

from glassworks.common.errors import NotFound
from glassworks.engine.architectures import architecture_of_run, save_architecture
from glassworks.engine.drive import open_flow_run
from glassworks.engine.plan import make_plan
from glassworks.engine.workshop import Workshop
from glassworks.specs.flow import InlineDocument, RecipeSpec
from tests.conftest import MACHINE
from tests.engine.conftest import Trained


def _begun(workshop: Workshop, recipe: RecipeSpec) -> str:
    """Planned, and not driven: what a page shows of a run that waits."""
    run, _ = open_flow_run(workshop, make_plan(workshop, recipe, MACHINE), MACHINE)
    return run.id


def _with(recipe: RecipeSpec, architecture: str) -> RecipeSpec:
    train = recipe.nodes["train"]
    named = train.model_copy(update={"inputs": {**train.inputs, "architecture": architecture}})
    return recipe.model_copy(update={"nodes": {**recipe.nodes, "train": named}})


def test_written_in_the_recipe(trained: Trained) -> None:
    given = trained.recipe.nodes["train"].inputs["architecture"]
    assert isinstance(given, InlineDocument)
    found = architecture_of_run(trained.workshop.store, trained.run)
    assert found.document["width"] == given.inline["width"]
    assert found.label == trained.recipe.name
    stage = trained.workshop.store.runs.get(trained.run).state().nodes["train"].run
    assert architecture_of_run(trained.workshop.store, stage).document == found.document


@pytest.mark.parametrize("name", ["mine@1", "preset:tiny"])
def test_named_by_the_recipe(trained: Trained, name: str) -> None:
    workshop = trained.workshop
    document = {"width": 24, "layers": 3, "attention": {"heads": 2}}
    save_architecture(workshop.store, workshop.tools, "mine", document)
    run = _begun(workshop, _with(trained.recipe, name))
    layers = {"mine@1": 3, "preset:tiny": 4}[name]
    assert architecture_of_run(workshop.store, run).document["layers"] == layers


def test_a_run_that_builds_no_model_says_so(trained: Trained) -> None:
    nodes = trained.workshop.store.runs.get(trained.run).state().nodes
    other = next(decision.run for name, decision in nodes.items() if name != "train")
    with pytest.raises(NotFound, match="builds no model"):
        architecture_of_run(trained.workshop.store, other)
