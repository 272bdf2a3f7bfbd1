"""Before a run: what a recipe's training will need. Arithmetic over the architecture's shape table and machine.json.

A time that cannot be known yet is None, never a guess.
"""

from typing import Any

from glassworks.engine.history import SpeedHistory, speed_history
from glassworks.engine.plan import resolve_nodes
from glassworks.engine.workshop import Workshop
from glassworks.flow.graph import check_flow
from glassworks.specs.flow import InlineDocument, RecipeSpec
from glassworks.specs.machine import MachineSpec


def estimate_recipe(
    workshop: Workshop, recipe: RecipeSpec, machine: MachineSpec | None
) -> dict[str, Any]:
    """`{"recipe", "nodes": {node: {parameters, flops, memory_bytes, time_s, ...}}}` for each node with an architecture.

    `time_s` leans on `based_on_runs` finished trainings here; `time_error` is by how much they would have been missed.
    """
    order = check_flow(recipe, workshop.catalog.stages)
    history = speed_history(workshop.store, machine) if machine else SpeedHistory(())
    resolved = resolve_nodes(workshop, recipe, order, machine)
    nodes = {}
    for name in order:
        node = recipe.nodes[name]
        document = node.inputs.get("architecture")
        if not isinstance(document, InlineDocument):
            continue
        found = workshop.tools.call(
            "estimate",
            {
                "stage": node.stage,
                "config": node.config,
                "architecture": document.inline,
                "vocab_size": _vocab_size(resolved),
                "machine": machine.to_json() if machine else {},
                "utilization": history.expected,
            },
            timeout_s=60,
        )
        known = {"based_on_runs": len(history.utilizations), "time_error": history.error}
        nodes[name] = {**found, **known}
    return {"recipe": recipe.name, "nodes": nodes}


def _vocab_size(resolved: dict[str, dict[str, Any]]) -> int | None:
    """The vocabulary that the recipe's tokenizer will have, where its config says so."""
    for answer in resolved.values():
        size = answer["config"].get("trainer", {}).get("vocab_size")
        if isinstance(size, int):
            return size
    return None
