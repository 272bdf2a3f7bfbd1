"""The wiring is checked before anything runs; each error names the place, what is wrong and what would be right."""

from typing import Any

import pytest

from glassworks.common.errors import InvalidSpec
from glassworks.flow.graph import check_flow, main_output, source_of
from glassworks.specs.flow import InlineDocument
from tests.flow.stages import STAGES, recipe, recipe_document

LEARN = recipe_document()["nodes"]["learn"]


def learn(**inputs: Any) -> dict[str, Any]:
    """The node `learn` with other inputs; None takes one away."""
    merged = {**LEARN["inputs"], **inputs}
    return {**LEARN, "inputs": {port: value for port, value in merged.items() if value is not None}}


def test_nodes_come_in_an_order_in_which_they_can_run() -> None:
    assert check_flow(recipe(), STAGES) == ["data", "split", "cut", "learn"]
    document = recipe_document()
    document["nodes"] = dict(reversed(document["nodes"].items()))
    assert check_flow(recipe(nodes=document["nodes"]), STAGES) == ["data", "split", "cut", "learn"]


def test_where_an_input_comes_from() -> None:
    spec = recipe()
    assert source_of(spec, "split.train").node_output == ("split", "train")
    assert source_of(spec, "tokenizer/mine@2").reference == "tokenizer/mine@2"
    assert source_of(spec, "hamlet.v2").reference == "hamlet.v2"
    assert source_of(spec, InlineDocument(inline={"width": 1})).document is not None
    assert main_output(spec) == ("learn", "checkpoint")


def test_an_optional_input_may_be_left_out_and_a_reference_put_anywhere() -> None:
    check_flow(recipe(learn=learn(validation=None)), STAGES)
    check_flow(recipe(learn=learn(tokenizer="mine@2", architecture="small-one")), STAGES)


WRONG: list[tuple[dict[str, Any], str, str, str, str]] = [
    (
        {"data": {"stage": "raed"}},
        "unknown-stage",
        "data: there is no stage 'raed'.",
        "Stages: cut, learn, read, split.",
        "data",
    ),
    (
        {"learn": learn(tokeniser="cut.tokenizer")},
        "unknown-port",
        "learn: learn has no input 'tokeniser'.",
        "Its inputs: train, validation, tokenizer, architecture.",
        "learn.tokeniser",
    ),
    (
        {"learn": learn(train="split.test")},
        "unknown-port",
        "learn.train: split has no output 'test'.",
        "Its outputs: train, validation.",
        "learn.train",
    ),
    (
        {"learn": learn(train=None)},
        "missing-input",
        "learn: the input 'train' (dataset) is not connected.",
        "Connect it to the output of a node that makes a dataset.",
        "learn.train",
    ),
    (
        {"learn": learn(tokenizer="split.train")},
        "wrong-kind",
        "learn.tokenizer takes a tokenizer, but split.train is a dataset.",
        "Connect something that makes a tokenizer.",
        "learn.tokenizer",
    ),
    (
        {"learn": learn(train={"inline": {"text": "To be"}})},
        "bad-inline",
        "learn.train: a dataset cannot be written inside a recipe.",
        "Only an architecture can; connect a node instead.",
        "learn.train",
    ),
    (
        {"output": "learn.model"},
        "unknown-port",
        "The recipe's output 'learn.model' is made by no node.",
        "Write it as node.output.",
        "output",
    ),
    (
        {"output": "nothing.checkpoint"},
        "unknown-port",
        "The recipe's output 'nothing.checkpoint' is made by no node.",
        "Write it as node.output.",
        "output",
    ),
    (
        {"settings": {"steps": {"field": "train.steps", "description": "d"}}},
        "unknown-setting",
        "The setting 'steps' points to 'train.steps', which is no node's field.",
        "Nodes: data, split, cut, learn.",
        "settings.steps",
    ),
    (
        {
            "data": {"stage": "split", "inputs": {"dataset": "split.train"}},
            "split": {"stage": "split", "inputs": {"dataset": "data.train"}},
        },
        "circle",
        "The nodes go in a circle: data -> split -> data.",
        "Take one connection away.",
        "",
    ),
    (
        {"split": {"stage": "split", "inputs": {"dataset": "split.train"}}},
        "circle",
        "The nodes go in a circle: split -> split.",
        "Take one connection away.",
        "",
    ),
]


@pytest.mark.parametrize(("changes", "code", "message", "hint", "where"), WRONG)
def test_each_error_says_where_what_and_what_to_do(
    changes: dict[str, Any], code: str, message: str, hint: str, where: str
) -> None:
    with pytest.raises(InvalidSpec) as caught:
        check_flow(recipe(**changes), STAGES)
    error = caught.value
    if code == "circle":
        message, error.message = circle(message), circle(error.message)
    assert (error.code, error.message, error.hint, error.where) == (code, message, hint, where)


def circle(message: str) -> str:
    """The same circle may be told from any of its nodes."""
    head, _, tail = message.rstrip(".").partition(": ")
    return f"{head}: {sorted(set(tail.split(' -> ')))}"


@pytest.mark.parametrize("name", ["a.b", "A", "two words", ""])
def test_a_node_needs_a_name_that_can_be_referred_to(name: str) -> None:
    nodes = {**recipe_document()["nodes"], name: {"stage": "read"}}
    with pytest.raises(InvalidSpec) as caught:
        check_flow(recipe(nodes=nodes), STAGES)
    assert caught.value.code == "bad-name"
