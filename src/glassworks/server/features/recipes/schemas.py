"""What the recipe calls take and answer."""

from typing import Any

from pydantic import ConfigDict, Field

from glassworks.specs.base import Spec
from glassworks.specs.estimate import NodeEstimate
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
NODE: dict[str, Any] = {
    "parameters": 1310720,
    "flops_per_token": 7077888.0,
    "checkpoint_bytes": 5242880,
    "cache_bytes": 524288,
    "steps": 1200,
    "num_tokens": 2457600,
    "training_flops": 1.74e13,
    "memory_bytes": {
        "weights": 5242880,
        "gradients": 10485760,
        "optimizer": 7340032,
        "activations": 122880000,
        "saving": 12582912,
        "total": 158531584,
    },
    "program_bytes": 400000000,
    "disk_bytes": {"checkpoints": 62914560, "states": 14680064, "total": 77594624},
    "num_checkpoints": 12,
    "least_time_s": 43.5,
    "time_s": 92.0,
    "based_on_runs": 2,
    "time_error": 0.08,
    "tokens_available": 1310000,
    "epochs": 1.88,
    "first_loss": 7.6246,
    "predicted_final_loss_reason": "Not known yet: 3 finished runs of other sizes on the same text tell it.",
}
ESTIMATE: dict[str, Any] = {"recipe": "first-model", "nodes": {"train": NODE}, "plan": None}


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
    """`settings` like `--set`: a named setting or `node.field`. `minutes`: choose model and training for this time."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"settings": ["steps=400"]}]})

    settings: tuple[str, ...] = Field(default=(), max_length=100)
    minutes: float | None = Field(default=None, gt=0, le=100_000)
    project: str | None = Field(default=None, max_length=63)


class DocumentEstimate(EstimateCreate):
    """The same for a recipe that is written out: a clone, or one of one's own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"document": RECIPE}]})

    document: RecipeSpec


class TimePlanView(Spec):
    """What was chosen for the time, and why in sentences."""

    depth: int
    parameters: int
    tokens: int
    time_s: float | None
    is_speed_assumed: bool
    rule: tuple[str, ...]


class EstimateView(Spec):
    """What each node with an architecture will need; a figure that cannot be known yet is null."""

    model_config = ConfigDict(json_schema_extra={"examples": [ESTIMATE]})

    recipe: str
    nodes: dict[str, NodeEstimate]
    plan: TimePlanView | None = None
