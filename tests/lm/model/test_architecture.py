"""An architecture that parses can be built; one that cannot says in words what to change."""

from typing import Any

import pytest

from glassworks.common.errors import InvalidSpec
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.transformer import Transformer
from tests.lm.model.tiny import tiny_architecture

IMPOSSIBLE: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"width": 500, "attention": {"heads": 8}},
        "8 heads do not divide a width of 500.",
        "Use 1, 2, 5 or 10 heads, or set attention.head_width.",
        "attention.heads",
    ),
    (
        {"width": 500, "attention": {"heads": 8}, "position": {"kind": "none"}},
        "8 heads do not divide a width of 500.",
        "Use 2, 4, 5 or 10 heads, or set attention.head_width.",
        "attention.heads",
    ),
    (
        {"attention": {"heads": 4, "kv_heads": 3}},
        "3 key-value heads cannot be shared evenly by 4 heads.",
        "Use 1, 2 or 4 for kv_heads.",
        "attention.kv_heads",
    ),
    (
        {"width": 12, "attention": {"heads": 4}},
        "4 heads of a width of 12 have 3 numbers each, and rotary positions need an even number.",
        "Use 1, 2, 3 or 6 heads, or set attention.head_width.",
        "attention.heads",
    ),
    (
        {"attention": {"head_width": 3}},
        "2 heads of a width of 128 have 3 numbers each, and rotary positions need an even number.",
        "Use an even head_width.",
        "attention.head_width",
    ),
    (
        {"width": 13, "attention": {"heads": 1}},
        "1 heads of a width of 13 have 13 numbers each, and rotary positions need an even number.",
        "Use an even width.",
        "attention.heads",
    ),
    (
        {"feed_forward": {"kind": "mixture_of_experts", "experts": 4, "active": 5}},
        "Each position asks 5 experts, and there are 4.",
        "Use 4 or less for active, or more experts.",
        "feed_forward.active",
    ),
    (
        {"attention": {"kind": "multi_query", "kv_heads": 2}},
        "architecture: attention.kv_heads: there is no such field",
        "It is a field of another part, or of another kind of this one.",
        "attention.kv_heads",
    ),
    (
        {"norm_placement": "sandwich"},
        "architecture: norm_placement: it must be 'pre' or 'post', and is 'sandwich'",
        "Change that value and run again.",
        "norm_placement",
    ),
    (
        {"norm": {"kind": "batch_norm"}},
        "There is no norm called 'batch_norm'.",
        "Choose one of: layer_norm, rms_norm.",
        "norm.kind",
    ),
    (
        {"attention": {"hedas": 3}},
        "architecture: attention.hedas: there is no such field",
        "Did you mean heads or kv_heads?",
        "attention.hedas",
    ),
    (
        {"attention": {"heads": 0}},
        "architecture: attention.heads: it must be at least 1, and is 0",
        "Change that value and run again.",
        "attention.heads",
    ),
]


@pytest.mark.parametrize(("document", "message", "hint", "where"), IMPOSSIBLE)
def test_an_impossible_architecture_says_what_to_change(
    document: dict[str, Any], message: str, hint: str, where: str
) -> None:
    with pytest.raises(InvalidSpec) as caught:
        parse_architecture(document)
    assert caught.value.message == message
    assert caught.value.hint == hint
    assert caught.value.where == where


def test_advice_that_is_followed_works() -> None:
    for heads in (1, 2, 5, 10):
        parse_architecture({"width": 500, "attention": {"heads": heads}})


def test_an_empty_document_is_the_default_and_survives_json() -> None:
    architecture = parse_architecture({})
    assert architecture.attention.kind == "grouped"
    assert parse_architecture(architecture.to_json()) == architecture


def test_a_part_without_kind_is_the_default_kind() -> None:
    assert parse_architecture({"attention": {"heads": 4}}).attention.kind == "grouped"


def test_the_vocabulary_comes_from_the_tokenizer() -> None:
    architecture = parse_architecture({})
    assert architecture.with_vocab_size(300).num_tokens == 300
    with pytest.raises(InvalidSpec, match="does not say how many tokens"):
        Transformer(architecture)
    with pytest.raises(InvalidSpec, match="knows 11 tokens, the tokenizer has 300"):
        tiny_architecture().with_vocab_size(300)
    assert tiny_architecture().with_vocab_size(7).num_tokens == 11  # room to spare is allowed
