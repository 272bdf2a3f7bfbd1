"""Presets: they are what their models' makers published, to the last parameter."""

import pytest

from glassworks.common.errors import NotFound
from glassworks.flow.recipe import load_recipe
from glassworks.lm.export.families import FAMILIES, choose_family
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.presets import Preset, load_preset, preset_names
from glassworks.lm.model.shapes import shape_table
from glassworks.specs.flow import InlineDocument

PUBLISHED = [name for name in preset_names() if load_preset(name).is_published]


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_can_be_built_and_says_where_it_is_from(name: str) -> None:
    preset = load_preset(name)
    architecture = parse_architecture(preset.document)
    assert shape_table(architecture).num_parameters > 0
    assert preset.source
    assert preset.note.endswith(".")


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_size_has_the_published_count(name: str) -> None:
    preset = load_preset(name)
    assert shape_table(parse_architecture(preset.document)).num_parameters == preset.parameters


@pytest.mark.parametrize(
    "name", [name for name in PUBLISHED if load_preset(name).family in FAMILIES.names()]
)
def test_a_published_architecture_is_of_its_family(name: str) -> None:
    preset = load_preset(name)
    assert choose_family(parse_architecture(preset.document)).model_type == preset.family


def test_the_tiny_one_is_the_first_model() -> None:
    given = load_recipe("first-model").nodes["train"].inputs["architecture"]
    assert isinstance(given, InlineDocument)
    tiny = parse_architecture(load_preset("tiny").document)
    assert parse_architecture({**given.inline, "vocab_size": 2048}) == tiny


def test_what_is_no_preset_is_said_with_those_that_are() -> None:
    with pytest.raises(NotFound, match="no preset") as caught:
        load_preset("gpt5")
    assert "smollm2-135m" in caught.value.hint


def test_a_preset_names_its_fields_only() -> None:
    with pytest.raises(ValueError, match="extra"):
        Preset.model_validate({"id": "x", "titel": "x"})
