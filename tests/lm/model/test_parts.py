"""An architecture part by part: the words are the files' own, the figures those of the shape table."""

from types import ModuleType
from typing import Any

import pytest

from glassworks.lm.model.architecture import REGISTRIES, parse_architecture
from glassworks.lm.model.component_docs import PACKAGE, read_docs
from glassworks.lm.model.parts import Explanation, docs_of, explain
from glassworks.lm.model.presets import load_preset, preset_names
from glassworks.lm.model.shapes import shape_table

KINDS = [(part, kind) for part, registry in REGISTRIES.items() for kind in registry.names()]


def explained(**changes: Any) -> Explanation:
    return explain(parse_architecture({"vocab_size": 100, "width": 64, "layers": 3, **changes}))


@pytest.mark.parametrize(("part", "kind"), KINDS)
def test_every_component_file_says_idea_formula_shapes_and_source(part: str, kind: str) -> None:
    docs = docs_of(part, kind)
    assert docs.title
    assert docs.words.endswith((".", "?")), docs.words
    assert docs.idea, "Idea:"
    assert docs.formula, "Formula:"
    assert docs.shapes, "Shapes:"
    assert docs.source, "Source:"
    assert (PACKAGE / docs.file).is_file()


@pytest.mark.parametrize("name", preset_names())
def test_the_parts_add_up_to_the_model(name: str) -> None:
    architecture = parse_architecture(load_preset(name).document)
    found, table = explain(architecture), shape_table(architecture)
    assert found.parameters == table.num_parameters
    assert sum(p.parameters * p.repeats for p in found.parts) == table.num_parameters
    flops = sum(part.flops_per_token * part.repeats for part in found.parts)
    assert flops == pytest.approx(table.flops_per_token)
    cached = sum(part.cached_per_token * part.repeats for part in found.parts)
    assert cached == table.num_cached_per_token
    for part in found.parts:
        assert sum(matrix.parameters for matrix in part.matrices) == part.parameters


def test_equal_layers_are_told_once() -> None:
    found = explained(layers=12)
    assert [(block.first, block.repeats) for block in found.blocks] == [(0, 12)]
    assert {part.layer for part in found.parts} == {None, 0}
    attention = next(part for part in found.parts if part.role == "attention")
    assert (attention.id, attention.repeats) == ("layers.0.attention", 12)


def test_the_parts_stand_in_the_order_of_the_computation() -> None:
    roles = [part.role for part in explained().parts]
    assert roles[:2] == ["embedding", "position"]
    assert roles[-2:] == ["norm", "head"]
    assert roles.index("attention") < roles.index("feed_forward") < roles.index("residual")


def test_matrices_have_their_real_shapes() -> None:
    found = explained(attention={"heads": 4, "kv_heads": 2})
    attention = next(part for part in found.parts if part.role == "attention")
    shapes = {matrix.name: matrix.shape for matrix in attention.matrices if matrix.shape}
    assert shapes == {
        "q.weight": (64, 64),
        "k.weight": (32, 64),
        "v.weight": (32, 64),
        "o.weight": (64, 64),
    }


def test_a_tied_head_says_so_and_costs_no_parameters() -> None:
    head = explained(is_tied=True).parts[-1]
    assert (head.kind, head.parameters) == ("tied_head", 0)
    assert head.flops_per_token == 2 * 100 * 64


def test_a_docstring_is_read_by_its_labels() -> None:
    module = ModuleType("glassworks.lm.model.norm.made_up")
    module.__doc__ = """Made up: stretch it.

Idea: longer is
better.
    a = 1   short
Formula: y = 2 x
    for all x
QK-norm (has_it): not the formula.
Shapes: x -> y. Source: Nobody 2026.

Unusual: nothing.
"""
    docs = read_docs(module)
    assert (docs.title, docs.words) == ("Made up", "Stretch it.")
    assert docs.idea == "Longer is better.\na = 1 short"
    assert docs.formula == "y = 2 x\nfor all x"
    assert (docs.shapes, docs.source, docs.file) == ("x -> y.", "Nobody 2026", "")


def test_a_docstring_of_one_line_is_enough_for_a_plugin() -> None:
    module = ModuleType("my_norm")
    module.__doc__ = "LayerNorm without weights: mean 0, variance 1. Source: Ba et al. 2016."
    docs = read_docs(module)
    assert (docs.title, docs.words) == ("LayerNorm without weights", "Mean 0, variance 1.")
    assert docs.source == "Ba et al. 2016"
