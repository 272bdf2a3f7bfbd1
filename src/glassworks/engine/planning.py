"""Time instead of size: a model and a training for the minutes that a person has.

In: minutes or a depth, or a recipe with minutes. Out: the helper's plan; or the recipe with the chosen model and training in it.
"""

from typing import Any

from glassworks.common.errors import InvalidSpec
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.history import speed_history
from glassworks.engine.known import figure, known_inputs, vocab_size
from glassworks.engine.plan import resolve_nodes
from glassworks.engine.workshop import Workshop
from glassworks.flow.graph import check_flow
from glassworks.specs.flow import InlineDocument, NodeSpec, RecipeSpec
from glassworks.specs.machine import MachineSpec
from glassworks.specs.speed import SpeedHistory

ARCHITECTURE = "architecture"
DEFAULT_VOCAB_SIZE = 2048
Json = dict[str, Any]


def plan_model(
    workshop: Workshop,
    minutes: float | None = None,
    depth: int | None = None,
    vocab_size: int = DEFAULT_VOCAB_SIZE,
    tokens_available: int | None = None,
    machine: MachineSpec | None = None,
) -> Json:
    """The helper's plan. Raises Unavailable where a time is asked for and this machine was never measured."""
    known = machine or workshop.machine()
    history = speed_history(workshop.store, known) if known else SpeedHistory()
    asked = {
        "minutes": minutes,
        "depth": depth,
        "vocab_size": vocab_size,
        "tokens_available": tokens_available,
        "machine": known.to_json() if known else {},
        "history": history.to_json(),
    }
    return workshop.tools.call("architecture_plan", asked, timeout_s=120)


def recipe_for_minutes(
    workshop: Workshop,
    recipe: RecipeSpec,
    minutes: float,
    machine: MachineSpec,
    project: str = DEFAULT_PROJECT,
) -> tuple[RecipeSpec, Json]:
    """The recipe with model and training chosen for the time, and the plan. Raises InvalidSpec where it trains nothing.

    What the dial does not set (prompts, seed, device) stays as it stands in the recipe. How long the text is, is known where
    it was tokenized before.
    """
    name = _training_node(workshop, recipe)
    order = check_flow(recipe, workshop.catalog.stages)
    answers = resolve_nodes(workshop, recipe, order, machine)
    inputs = known_inputs(workshop, recipe, answers, name, project)
    size = vocab_size(workshop, recipe, answers, name, project) or DEFAULT_VOCAB_SIZE
    tokens = figure(workshop.store, inputs.get("train"), "tokens")
    plan = plan_model(workshop, minutes, None, size, tokens, machine)
    node = recipe.nodes[name]
    document = {**plan["document"], "vocab_size": None}
    changed = NodeSpec(
        stage=node.stage,
        config={**node.config, **plan["training"]},
        inputs={**node.inputs, ARCHITECTURE: InlineDocument(inline=document)},
    )
    nodes = {**recipe.nodes, name: changed}
    return recipe.model_copy(update={"nodes": nodes}), plan


def _training_node(workshop: Workshop, recipe: RecipeSpec) -> str:
    """The last node that builds a model and trains it step by step."""
    for name in reversed(recipe.nodes):
        node = recipe.nodes[name]
        stage = workshop.catalog.stages.get(node.stage)
        fields = stage.config_schema.get("properties", {}) if stage else {}
        if ARCHITECTURE in node.inputs and "steps" in fields:
            return name
    raise InvalidSpec(
        "nothing-to-train",
        f"The recipe {recipe.name!r} trains no model, so there is nothing to choose for a time.",
        "Leave --minutes away, or choose a recipe that trains a model.",
    )
