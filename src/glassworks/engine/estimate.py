"""Before a run: what a recipe's training will need. Arithmetic over the architecture's shape table and machine.json.

A time that cannot be known yet is None, never a guess.
"""

import shutil
from typing import Any

from glassworks.engine.architectures import architecture_document
from glassworks.engine.history import speed_history
from glassworks.engine.plan import resolve_nodes
from glassworks.engine.workshop import Workshop
from glassworks.flow.graph import check_flow, source_of
from glassworks.specs.flow import InlineDocument, RecipeSpec
from glassworks.specs.machine import MachineSpec
from glassworks.specs.speed import SpeedHistory

ARCHITECTURE = "architecture"
BEGUN_TRAINED = "It begins from weights that have learned already, so its first loss is theirs."


def estimate_recipe(
    workshop: Workshop, recipe: RecipeSpec, machine: MachineSpec | None
) -> dict[str, Any]:
    """`{"recipe", "nodes": {node: {parameters, flops, memory_bytes, time_s, ...}}}` for each node with an architecture.

    `time_s` leans on `based_on_runs` finished trainings here; `time_error` is by how much they would have been missed.
    """
    order = check_flow(recipe, workshop.catalog.stages)
    history = speed_history(workshop.store, machine) if machine else SpeedHistory()
    resolved = resolve_nodes(workshop, recipe, order, machine)
    vocab_size = _vocab_size(resolved)
    nodes = {}
    for name in order:
        document = _architecture(workshop, recipe, name)
        if document is not None:
            node = recipe.nodes[name]
            nodes[name] = estimate_node(
                workshop, node.stage, node.config, document, vocab_size, machine, history
            )
            if "init_from" in node.inputs and "first_loss" in nodes[name]:
                nodes[name] |= {"first_loss": None, "first_loss_reason": BEGUN_TRAINED}
    return {"recipe": recipe.name, "nodes": nodes}


def estimate_node(
    workshop: Workshop,
    stage: str,
    config: dict[str, Any],
    architecture: dict[str, Any],
    vocab_size: int | None,
    machine: MachineSpec | None,
    history: SpeedHistory,
) -> dict[str, Any]:
    """The helper's figures for one stage with an architecture."""
    asked = {
        "stage": stage,
        "config": config,
        "architecture": architecture,
        "vocab_size": vocab_size,
        "machine": machine.to_json() if machine else {},
        "history": history.to_json(),
        "free_disk_bytes": shutil.disk_usage(workshop.store.root).free,
    }
    return workshop.tools.call("estimate", asked, timeout_s=60)


def _architecture(workshop: Workshop, recipe: RecipeSpec, name: str) -> dict[str, Any] | None:
    """The document that a node's model is built from, where it is known before the run."""
    given = recipe.nodes[name].inputs.get(ARCHITECTURE)
    if given is None:
        return None
    if isinstance(given, InlineDocument):
        return given.inline
    source = source_of(recipe, given)
    if source.reference is None:
        return None
    return architecture_document(workshop, source.reference)


def _vocab_size(resolved: dict[str, dict[str, Any]]) -> int | None:
    """The vocabulary that the recipe's tokenizer will have, where its config says so."""
    for answer in resolved.values():
        size = answer["config"].get("trainer", {}).get("vocab_size")
        if isinstance(size, int):
            return size
    return None
