"""Keys: what a node's result depends on, and nothing else; and, when a key is new, why.

The key hashes the stage, its version, the resolved config without display-only fields, the ids of the inputs, and the
library versions that matter. A node's name, its place in the recipe and the recipe's name are not in it.
"""

from typing import Any

from glassworks.common.hashing import hash_json
from glassworks.specs.flow import PlannedNode, PlanSpec, SweepPlan
from glassworks.specs.run import RunSpec


def node_key(node: PlannedNode, inputs: dict[str, str]) -> str:
    """64 hex digits; `inputs` is port -> artifact id."""
    return hash_json(
        {
            "stage": node.stage,
            "version": node.version,
            "config": node.hashed_config,
            "inputs": inputs,
            "libraries": node.libraries,
            "starts_from": node.starts_from,
        }
    )


def flow_key(plan: PlanSpec) -> str:
    """Equal for two plans that would do the same work and name the same output, whatever their nodes are called."""
    depths: dict[str, str] = {}
    for node in plan.nodes:  # in running order, so that each input's hash is known
        inputs = {
            port: source.artifact or [depths[source.node or ""], source.output]
            for port, source in node.inputs.items()
        }
        own = node_key(node, {port: hash_json(value) for port, value in inputs.items()})
        before = depths.get(node.goes_on_from or "")
        depths[node.name] = hash_json([own, before]) if before else own
    maker, _, output = plan.recipe.output.partition(".")
    judged = [_judgment(plan.sweep)] if plan.sweep else []
    nodes = sorted(depths.values())
    return hash_json(["flow", plan.output_name, [depths[maker], output], nodes, *judged])


def _judgment(sweep: SweepPlan) -> list[Any]:
    """What a sweep's choices depend on, beside its nodes."""
    rungs = [rung.to_json() for rung in sweep.rungs]
    return [sweep.metric, sweep.is_lower_better, rungs, [v.settings for v in sweep.variants]]


def why_new(node: PlannedNode, inputs: dict[str, str], before: RunSpec | None) -> tuple[str, ...]:
    """What differs from the last run of this node, as short sentences; empty when there was none or nothing does."""
    if before is None or before.node is None:
        return ()
    changes: list[str] = []
    if before.node.stage != node.stage:
        changes.append(f"stage: {before.node.stage} → {node.stage}")
    elif before.node.version != node.version:
        changes.append(f"code: {node.stage} version {before.node.version} → {node.version}")
    changes += _config_changes(before.node.hashed_config, node.hashed_config)
    for port in sorted(inputs.keys() | before.inputs.keys()):
        old, new = before.inputs.get(port), inputs.get(port)
        if old != new:
            changes.append(f"input {port}: {_short(old)} → {_short(new)}")
    for name in sorted(node.libraries.keys() | before.node.libraries.keys()):
        old, new = before.node.libraries.get(name), node.libraries.get(name)
        if old != new:
            changes.append(f"library {name}: {_words(old)} → {_words(new)}")
    if before.node.starts_from != node.starts_from:
        changes.append("start: from another saved state")
    return tuple(changes)


def _config_changes(old: dict[str, Any], new: dict[str, Any], path: str = "") -> list[str]:
    changes: list[str] = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            changes += _config_changes(before, after, f"{path}{name}.")
        else:
            changes.append(f"config {path}{name}: {_words(before)} → {_words(after)}")
    return changes


def _short(artifact: str | None) -> str:
    return artifact[:12] if artifact else "nothing"


def _words(value: Any) -> str:
    return "not set" if value is None else str(value)
