"""Small stages and recipes of the tests' own: what is tested is the graph, not the catalogue."""

from typing import Any

from glassworks.flow.graph import check_flow, source_of
from glassworks.flow.keys import node_key
from glassworks.specs.artifact import ArtifactKind
from glassworks.specs.flow import PlannedInput, PlannedNode, PlanSpec, RecipeSpec
from glassworks.specs.stage import PortSpec, StageSpec


def stage(
    name: str, inputs: dict[str, ArtifactKind], outputs: dict[str, ArtifactKind], *optional: str
) -> StageSpec:
    return StageSpec(
        name=name,
        version=1,
        purpose=f"What {name} is for.",
        is_random=False,
        can_continue=False,
        libraries=(),
        inputs={
            port: PortSpec(kind=kind, description=port, is_optional=port in optional)
            for port, kind in inputs.items()
        },
        outputs={port: PortSpec(kind=kind, description=port) for port, kind in outputs.items()},
        config_schema={},
    )


STAGES = {
    spec.name: spec
    for spec in (
        stage("read", {}, {"dataset": "dataset"}),
        stage("split", {"dataset": "dataset"}, {"train": "dataset", "validation": "dataset"}),
        stage("cut", {"dataset": "dataset"}, {"tokenizer": "tokenizer"}),
        stage(
            "learn",
            {
                "train": "dataset",
                "validation": "dataset",
                "tokenizer": "tokenizer",
                "architecture": "architecture",
            },
            {"checkpoint": "checkpoint"},
            "validation",
        ),
    )
}


def recipe_document(**changes: Any) -> dict[str, Any]:
    """read -> split -> cut, learn; `changes` replace whole nodes or top-level fields."""
    document: dict[str, Any] = {
        "name": "small",
        "title": "A small recipe",
        "output": "learn.checkpoint",
        "settings": {"steps": {"field": "learn.steps", "description": "How long to learn."}},
        "nodes": {
            "data": {"stage": "read", "config": {"source": {"kind": "text_file", "path": "a"}}},
            "split": {"stage": "split", "inputs": {"dataset": "data.dataset"}},
            "cut": {"stage": "cut", "inputs": {"dataset": "split.train"}},
            "learn": {
                "stage": "learn",
                "config": {"steps": 10, "seed": 1},
                "inputs": {
                    "train": "split.train",
                    "validation": "split.validation",
                    "tokenizer": "cut.tokenizer",
                    "architecture": {"inline": {"width": 8, "attention": {"heads": 2}}},
                },
            },
        },
    }
    for name, change in changes.items():
        (document["nodes"] if name in document["nodes"] else document)[name] = change
    return document


def recipe(**changes: Any) -> RecipeSpec:
    return RecipeSpec.model_validate(recipe_document(**changes))


def plan_of(
    spec: RecipeSpec, name: str = "small", stages: dict[str, StageSpec] = STAGES
) -> PlanSpec:
    """A plan as the engine would freeze it, without a helper: configs are taken as they stand."""
    nodes = []
    for node_name in check_flow(spec, stages):
        node, kinds = spec.nodes[node_name], stages[spec.nodes[node_name].stage]
        inputs = {}
        for port, value in node.inputs.items():
            source = source_of(spec, value)
            made = source.node_output
            known = None if made else f"id of {source.document or source.reference}"
            inputs[port] = PlannedInput(
                kind=kinds.inputs[port].kind,
                node=made[0] if made else None,
                output=made[1] if made else None,
                artifact=known,
            )
        nodes.append(
            PlannedNode(
                name=node_name,
                stage=node.stage,
                version=kinds.version,
                config=node.config,
                hashed_config={k: v for k, v in node.config.items() if k != "shown"},
                inputs=inputs,
                outputs={port: port_spec.kind for port, port_spec in kinds.outputs.items()},
            )
        )
    return PlanSpec(recipe=spec, output_name=name, nodes=tuple(nodes))


def keys_of(plan: PlanSpec) -> dict[str, str]:
    """Node -> key, with outputs named by the key that makes them, as content would be."""
    keys: dict[str, str] = {}
    for node in plan.nodes:
        inputs = {
            port: source.artifact or f"{keys[source.node or '']}.{source.output}"
            for port, source in node.inputs.items()
        }
        keys[node.name] = node_key(node, inputs)
    return keys
