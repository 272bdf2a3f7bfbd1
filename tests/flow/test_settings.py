"""Named settings know what stands in the recipe and which schema their field has, also inside an inline document."""

import json

import pytest

from glassworks.flow.catalog import load_catalog
from glassworks.flow.recipe import apply_settings, load_recipe, recipe_names
from glassworks.flow.settings import field_of, named_settings


@pytest.mark.parametrize("name", recipe_names())
def test_every_setting_of_our_recipes_has_a_value_and_a_schema_with_a_description(
    name: str,
) -> None:
    recipe = load_recipe(name)
    settings = named_settings(recipe, load_catalog())
    assert [setting.name for setting in settings] == list(recipe.settings)
    for setting in settings:
        assert setting.value is not None, setting.name
        assert setting.field_schema["description"], setting.name
        assert "$ref" not in json.dumps(setting.field_schema), setting.name


def test_a_value_that_was_set_is_the_value() -> None:
    recipe = apply_settings(load_recipe("first-model"), ["steps=400", "width=192"])
    found = {setting.name: setting.value for setting in named_settings(recipe, load_catalog())}
    assert (found["steps"], found["width"]) == (400, 192)


def test_an_input_that_is_a_reference_can_be_set() -> None:
    recipe = apply_settings(load_recipe("dataset-tokenizer"), ["dataset=dataset/kiln@2"])
    assert recipe.nodes["split"].inputs == {"dataset": "dataset/kiln@2"}
    assert recipe.nodes["split"].config == {"by": {"kind": "fraction", "fraction": 0.1}}
    value, schema = field_of(recipe, load_catalog(), "split.dataset")
    assert (value, schema["reference"]) == ("dataset/kiln@2", "dataset")


def test_an_input_that_comes_from_another_node_cannot_be_set() -> None:
    recipe = apply_settings(load_recipe("dataset-tokenizer"), ["tokenizer.dataset=dataset/kiln"])
    assert recipe.nodes["tokenizer"].inputs == {"dataset": "split.train"}


def test_a_field_of_an_inline_document_is_found() -> None:
    recipe = load_recipe("first-model")
    value, schema = field_of(recipe, load_catalog(), "train.architecture.attention.heads")
    assert value == 2
    assert schema["maximum"] == 1024


def test_a_default_stands_where_the_recipe_says_nothing() -> None:
    recipe = load_recipe("first-model")
    value, schema = field_of(recipe, load_catalog(), "train.optimizer.adamw.beta1")
    assert (value, schema["title"]) == (0.9, "Beta1")


@pytest.mark.parametrize("field", ["nobody.steps", "train", "train.nothing.at.all"])
def test_a_field_that_is_not_there_has_neither(field: str) -> None:
    assert field_of(load_recipe("first-model"), load_catalog(), field) == (None, {})
