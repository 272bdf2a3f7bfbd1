"""Time instead of size: a model and a training for the minutes that a person has.

In: minutes or a depth, or a recipe with minutes. Out: the helper's plan; or the recipe with the chosen model and training in it.
"""

from typing import Any

from glassworks.common.errors import InvalidSpec
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.history import speed_history
from glassworks.engine.plan import make_plan
from glassworks.engine.workshop import Workshop
from glassworks.flow.keys import node_key
from glassworks.specs.flow import InlineDocument, NodeSpec, PlanSpec, RecipeSpec
from glassworks.specs.machine import MachineSpec
from glassworks.specs.speed import SpeedHistory

ARCHITECTURE = "architecture"
DEFAULT_VOCAB_SIZE = 2048
Json = dict[str, Any]


def plan_model(
    workshop: Workshop,
    minutes: float | None = None,
    depth: int | None = None,
    vocab_size: int = 2048,
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
    planned = make_plan(workshop, recipe, machine, project=project)
    tokens = known_tokens(workshop, planned, name)
    plan = plan_model(workshop, minutes, None, _vocab_size(planned), tokens, machine)
    node = recipe.nodes[name]
    document = {**plan["document"], "vocab_size": None}
    changed = NodeSpec(
        stage=node.stage,
        config={**node.config, **plan["training"]},
        inputs={**node.inputs, ARCHITECTURE: InlineDocument(inline=document)},
    )
    nodes = {**recipe.nodes, name: changed}
    return recipe.model_copy(update={"nodes": nodes}), plan


def known_tokens(workshop: Workshop, plan: PlanSpec, name: str) -> int | None:
    """How many tokens the training `name` has to read, where every stage before it was done already."""
    made: dict[tuple[str | None, str | None], str] = {}
    for node in plan.nodes:
        inputs = {
            port: source.artifact or made.get((source.node, source.output), "")
            for port, source in node.inputs.items()
        }
        if node.name == name:
            return _tokens_in(workshop, inputs.get("train", ""))
        if not all(inputs.values()):
            continue
        runs = workshop.store.runs.with_key(node_key(node, inputs))
        done = next((found for run in runs if (found := run.done()) is not None), None)
        made |= {(node.name, port): a for port, a in (done.outputs if done else {}).items()}
    return None


def _tokens_in(workshop: Workshop, artifact: str) -> int | None:
    if not artifact or not workshop.store.artifacts.has(artifact):
        return None
    found = workshop.store.artifacts.manifest(artifact).summary.get("tokens")
    return found if isinstance(found, int) and found > 0 else None


def _vocab_size(plan: PlanSpec) -> int:
    """What the recipe's tokenizer will have, where its config says so."""
    sizes = [node.config.get("trainer", {}).get("vocab_size") for node in plan.nodes]
    return next((size for size in sizes if isinstance(size, int)), DEFAULT_VOCAB_SIZE)


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
