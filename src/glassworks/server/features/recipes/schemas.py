"""What the recipe calls take and answer."""

from typing import Any

from pydantic import ConfigDict, Field

from glassworks.specs.base import Spec
from glassworks.specs.flow import RecipeSpec

ROW: dict[str, Any] = {
    "name": "first-model",
    "title": "Your first model",
    "description": "A small transformer learns to write from the plays of Shakespeare.",
    "nodes": ["data", "split", "tokenizer", "tokens", "train", "evaluate"],
    "settings": {"steps": "How long it learns; one step reads 2,048 tokens."},
    "is_broken": False,
}
SETTING: dict[str, Any] = {
    "name": "steps",
    "field": "train.steps",
    "description": "How long it learns; one step reads 2,048 tokens.",
    "default": 1200,
    "schema": {"type": "integer", "minimum": 1, "description": "Updates of the weights, in all."},
}
RECIPE: dict[str, Any] = {
    "name": "counting-tokenizer",
    "title": "A tokenizer for a folder of text",
    "output": "tokenizer.tokenizer",
    "nodes": {
        "data": {"stage": "import_dataset"},
        "tokenizer": {"stage": "train_tokenizer", "inputs": {"dataset": "data.dataset"}},
    },
}
ESTIMATE: dict[str, Any] = {
    "recipe": "first-model",
    "nodes": {"train": {"parameters": 1315072, "time_s": 71.4, "based_on_runs": 2}},
}


class RecipeRow(Spec):
    """A recipe as a list shows it; `settings`: name -> what it changes. `is_broken`: on purpose, to be diagnosed."""

    name: str
    title: str
    description: str
    nodes: tuple[str, ...]
    settings: dict[str, str]
    is_broken: bool = False


class RecipeList(Spec):
    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [ROW]}]})

    items: tuple[RecipeRow, ...]


class SettingView(Spec):
    """A named setting; `default` stands in the recipe, `schema` is the JSON Schema of its field."""

    name: str
    field: str
    description: str
    default: Any = None
    field_schema: dict[str, Any] = Field(alias="schema")


class RecipeDetail(Spec):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"recipe": RECIPE, "settings": [SETTING]}]}
    )

    recipe: RecipeSpec
    settings: tuple[SettingView, ...]


class EstimateCreate(Spec):
    """`settings` like `--set`: a named setting or `node.field`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"settings": ["steps=400"]}]})

    settings: tuple[str, ...] = Field(default=(), max_length=100)


class EstimateView(Spec):
    """What each node with an architecture will need; a figure that cannot be known yet is null."""

    model_config = ConfigDict(json_schema_extra={"examples": [ESTIMATE]})

    recipe: str
    nodes: dict[str, dict[str, Any]]
