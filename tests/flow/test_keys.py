"""Keys: a node's key changes with what its result depends on, and with nothing else; and why it is new, in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassworks.flow.keys import flow_key, node_key, why_new
from glassworks.specs.flow import InlineDocument, PlannedNode, RecipeSpec
from glassworks.specs.run import RunSpec
from tests.flow.stages import STAGES, keys_of, plan_of, recipe, recipe_document

BASE = keys_of(plan_of(recipe()))
NODE = PlannedNode(
    name="learn",
    stage="learn",
    version=1,
    config={"steps": 10, "shown": 1},
    hashed_config={"steps": 10, "optimizer": {"kind": "muon", "rate": 0.1}},
    inputs={},
    outputs={"checkpoint": "checkpoint"},
    libraries={"torch": "2.13.0"},
)
INPUTS = {"train": "a" * 64, "tokenizer": "b" * 64}


def changed(document: dict[str, Any]) -> set[str]:
    """Nodes of the recipe whose keys differ from those of the base recipe."""
    keys = keys_of(plan_of(RecipeSpec.model_validate(document)))
    return {name for name in keys if keys[name] != BASE[name]}


def renamed(document: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    def new(value: Any) -> Any:
        node, dot, rest = value.partition(".") if isinstance(value, str) else ("", "", "")
        return f"{names[node]}.{rest}" if dot and node in names else value

    nodes = {
        names[name]: {**node, "inputs": {p: new(v) for p, v in node.get("inputs", {}).items()}}
        for name, node in document["nodes"].items()
    }
    return {**document, "nodes": nodes, "output": new(document["output"]), "settings": {}}


@given(
    st.permutations(["data", "split", "cut", "learn"]), st.permutations(["n1", "n2", "n3", "n4"])
)
def test_neither_names_nor_order_are_part_of_a_key(order: list[str], new_names: list[str]) -> None:
    names = dict(zip(order, new_names, strict=True))
    document = recipe_document()
    document["nodes"] = {name: document["nodes"][name] for name in order}
    plan = plan_of(RecipeSpec.model_validate(renamed(document, names)))
    keys = keys_of(plan)
    assert {name: keys[names[name]] for name in names} == BASE
    assert flow_key(plan) == flow_key(plan_of(recipe()))


def test_words_about_a_recipe_are_not_part_of_a_key() -> None:
    other = recipe(name="other", title="t", description="d", next_steps=["n"], settings={})
    assert keys_of(plan_of(other)) == BASE
    assert flow_key(plan_of(other)) == flow_key(plan_of(recipe()))


def set_field(document: dict[str, Any], node: str, field: str, value: Any) -> None:
    document["nodes"][node].setdefault("config", {})[field] = value


@pytest.mark.parametrize(
    ("node", "runs_again"),
    [
        ("data", {"data", "split", "cut", "learn"}),
        ("split", {"split", "cut", "learn"}),
        ("cut", {"cut", "learn"}),
        ("learn", {"learn"}),
    ],
)
@pytest.mark.parametrize(
    ("field", "counts"), [("seed", True), ("new_field", True), ("shown", False)]
)
def test_a_field_changes_exactly_what_depends_on_it(
    node: str, runs_again: set[str], field: str, counts: bool
) -> None:
    document = recipe_document()
    set_field(document, node, field, 77)
    assert changed(document) == (runs_again if counts else set())
    is_same_flow = flow_key(plan_of(RecipeSpec.model_validate(document))) == flow_key(
        plan_of(recipe())
    )
    assert is_same_flow is not counts


def test_another_wire_and_another_document_change_what_takes_them() -> None:
    document = recipe_document()
    document["nodes"]["cut"]["inputs"]["dataset"] = "data.dataset"
    assert changed(document) == {"cut", "learn"}
    document = recipe_document()
    document["nodes"]["learn"]["inputs"]["architecture"]["inline"]["width"] = 16
    assert changed(document) == {"learn"}
    document = recipe_document()
    document["nodes"]["learn"]["inputs"]["tokenizer"] = "mine@2"
    assert changed(document) == {"learn"}


def test_a_raised_version_changes_the_stage_and_what_follows() -> None:
    stages = {**STAGES, "cut": STAGES["cut"].model_copy(update={"version": 2})}
    keys = keys_of(plan_of(recipe(), stages=stages))
    assert {name for name in keys if keys[name] != BASE[name]} == {"cut", "learn"}


@pytest.mark.parametrize(
    "change",
    [
        {"stage": "other"},
        {"version": 2},
        {"hashed_config": {"steps": 11}},
        {"libraries": {"torch": "2.14.0"}},
        {"starts_from": "r000000001:10"},
    ],
)
def test_everything_that_a_result_depends_on_is_in_the_key(change: dict[str, Any]) -> None:
    assert node_key(NODE.model_copy(update=change), INPUTS) != node_key(NODE, INPUTS)


@pytest.mark.parametrize(
    "change", [{"name": "other"}, {"config": {"steps": 10, "shown": 2}}, {"resources": {"rank": 1}}]
)
def test_nothing_else_is_in_the_key(change: dict[str, Any]) -> None:
    assert node_key(NODE.model_copy(update=change), INPUTS) == node_key(NODE, INPUTS)


def test_inputs_are_in_the_key_by_port_and_not_by_order() -> None:
    assert node_key(NODE, dict(reversed(INPUTS.items()))) == node_key(NODE, INPUTS)
    swapped = {"train": INPUTS["tokenizer"], "tokenizer": INPUTS["train"]}
    assert node_key(NODE, swapped) != node_key(NODE, INPUTS)


def test_a_flow_that_names_another_output_is_another_flow() -> None:
    plan = plan_of(recipe())
    other = plan_of(recipe(output="cut.tokenizer"))
    assert keys_of(other) == keys_of(plan)
    assert flow_key(other) != flow_key(plan)
    assert flow_key(plan_of(recipe(), name="other")) != flow_key(plan)


# --- why ---------------------------------------------------------------------------------------------------------


def run_before(**changes: Any) -> RunSpec:
    inputs = changes.pop("inputs", INPUTS)
    node = NODE.model_copy(update=changes)
    return RunSpec(
        id="r000000001",
        kind="stage",
        name="n",
        created_at="t",
        key=node_key(node, inputs),
        node=node,
        inputs=inputs,
    )


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ({}, ()),
        ({"stage": "teach"}, ("stage: teach → learn",)),
        ({"version": 3}, ("code: learn version 3 → 1",)),
        (
            {"hashed_config": {"steps": 5, "optimizer": {"kind": "muon", "rate": 0.2}}},
            ("config optimizer.rate: 0.2 → 0.1", "config steps: 5 → 10"),
        ),
        (
            {"hashed_config": {"steps": 10, "optimizer": "adamw"}},
            ("config optimizer: adamw → {'kind': 'muon', 'rate': 0.1}",),
        ),
        ({"hashed_config": {**NODE.hashed_config, "old": 1}}, ("config old: 1 → not set",)),
        (
            {"inputs": {"train": "c" * 64, "validation": "d" * 64, "tokenizer": "b" * 64}},
            (
                "input train: cccccccccccc → aaaaaaaaaaaa",
                "input validation: dddddddddddd → nothing",
            ),
        ),
        ({"libraries": {"torch": "2.12.0"}}, ("library torch: 2.12.0 → 2.13.0",)),
        ({"libraries": {}}, ("library torch: not set → 2.13.0",)),
        ({"starts_from": "r000000002:5"}, ("start: from another saved state",)),
    ],
)
def test_why_a_key_is_new(before: dict[str, Any], why: tuple[str, ...]) -> None:
    assert why_new(NODE, INPUTS, run_before(**before)) == why


def test_there_is_no_why_without_a_run_before() -> None:
    assert why_new(NODE, INPUTS, None) == ()


def test_a_new_key_always_has_a_why() -> None:
    """Whatever `node_key` looks at, `why_new` tells."""
    changes: list[dict[str, Any]] = [
        {"stage": "other"},
        {"version": 2},
        {"hashed_config": {}},
        {"inputs": {}},
        {"libraries": {"torch": "1"}},
        {"starts_from": "r1:1"},
    ]
    for change in changes:
        before = run_before(**change)
        assert before.key != node_key(NODE, INPUTS)
        assert why_new(NODE, INPUTS, before)


def test_an_inline_document_is_told_from_a_reference() -> None:
    assert recipe().nodes["learn"].inputs["architecture"] == InlineDocument(
        inline={"width": 8, "attention": {"heads": 2}}
    )
