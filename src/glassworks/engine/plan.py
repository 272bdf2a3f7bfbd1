"""Planning: a recipe becomes a frozen plan in which nothing is `auto` and every wire is checked.

The helper validates each node's config and inline documents with the real classes; this module decides nothing about
models. Planning writes nothing but the inline documents, which are artifacts.
"""

from typing import Any

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.architectures import architecture_artifact
from glassworks.engine.documents import publish_document
from glassworks.engine.references import resolve_artifact
from glassworks.engine.workshop import Workshop
from glassworks.flow.graph import check_flow, source_of
from glassworks.specs.flow import (
    InlineDocument,
    NodeSpec,
    PlannedInput,
    PlannedNode,
    PlanSpec,
    RecipeSpec,
)
from glassworks.specs.machine import MachineSpec
from glassworks.storage.items import check_name


def make_plan(
    workshop: Workshop,
    recipe: RecipeSpec,
    machine: MachineSpec,
    name: str | None = None,
    is_fresh: bool = False,
    starts_from: dict[str, str] | None = None,
    project: str = DEFAULT_PROJECT,
) -> PlanSpec:
    """Check names and wiring, resolve every config, publish inline documents. Raises InvalidSpec, NotFound.

    starts_from: node -> `run:step` whose saved state the node goes on from.
    """
    for word in (name or recipe.name, project):
        check_name(word)
    order = check_flow(recipe, workshop.catalog.stages)
    answers = resolve_nodes(workshop, recipe, order, machine)
    nodes = tuple(
        plan_node(workshop, recipe, node, answers[node], (starts_from or {}).get(node), project)
        for node in order
    )
    return PlanSpec(recipe=recipe, output_name=name or recipe.name, nodes=nodes, is_fresh=is_fresh)


def resolve_nodes(
    workshop: Workshop, recipe: RecipeSpec, order: list[str], machine: MachineSpec | None
) -> dict[str, dict[str, Any]]:
    """The helper's answer for each node: version, config without `auto`, libraries, resources, documents."""
    questions = [
        {
            "name": name,
            "stage": recipe.nodes[name].stage,
            "config": recipe.nodes[name].config,
            "inline_inputs": _inline(recipe.nodes[name]),
        }
        for name in order
    ]
    args = {"nodes": questions, "machine": machine.to_json() if machine else {}}
    answers = workshop.tools.call("resolve", args, timeout_s=120)
    resolved: dict[str, dict[str, Any]] = answers["nodes"]
    return resolved


def _inline(node: NodeSpec) -> dict[str, Any]:
    return {p: v.inline for p, v in node.inputs.items() if isinstance(v, InlineDocument)}


def plan_node(
    workshop: Workshop,
    recipe: RecipeSpec,
    name: str,
    answer: dict[str, Any],
    starts_from: str | None,
    project: str,
) -> PlannedNode:
    """One node with everything resolved; its inline documents are published."""
    node = recipe.nodes[name]
    stage = workshop.catalog.stages[node.stage]
    inputs = {}
    for port, value in node.inputs.items():
        kind = stage.inputs[port].kind
        source = source_of(recipe, value)
        if source.node_output is not None:
            inputs[port] = PlannedInput(
                kind=kind, node=source.node_output[0], output=source.node_output[1]
            )
        elif source.document is not None:
            artifact = publish_document(workshop.store, kind, answer["documents"][port])
            inputs[port] = PlannedInput(kind=kind, artifact=artifact)
        else:
            artifact = _referenced(workshop, source.reference or "", kind, project)
            inputs[port] = PlannedInput(kind=kind, artifact=artifact)
    return PlannedNode(
        name=name,
        stage=node.stage,
        version=answer["version"],
        config=answer["config"],
        hashed_config=answer["hashed_config"],
        inputs=inputs,
        outputs={port: spec.kind for port, spec in stage.outputs.items()},
        libraries=answer["libraries"],
        resources=answer["resources"],
        starts_from=starts_from,
    )


def _referenced(workshop: Workshop, reference: str, kind: str, project: str) -> str:
    """An architecture may also be a preset: `preset:gpt2`."""
    if kind == "architecture":
        return architecture_artifact(workshop, reference, project)
    return resolve_artifact(workshop.store, reference, kind, project).artifact
