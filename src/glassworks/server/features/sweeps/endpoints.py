"""`/api/sweeps`: what a sweep would do and cost, and the table of one that was ordered (`POST /api/runs` with a `sweep`)."""

from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from glassworks.common.errors import InvalidSpec
from glassworks.engine.sweep_table import sweep_table
from glassworks.engine.sweeps import budget
from glassworks.flow.recipe import apply_settings, load_recipe
from glassworks.server.http.context import ContextDep
from glassworks.specs.base import Spec
from glassworks.specs.flow import RecipeSpec
from glassworks.specs.sweep import SweepBudget, SweepSpec, SweepTable

router = APIRouter(prefix="/sweeps")

RATE = "train.optimizer.learning_rate"
SWEEP: dict[str, Any] = {"over": [{"field": RATE, "values": [0.01, 0.02]}]}
BUDGET: dict[str, Any] = {
    "num_variants": 2,
    "num_trainings": 2,
    "steps": 2400,
    "time_s": 143.0,
    "based_on_runs": 3,
    "fields": [RATE],
    "variants": [{RATE: 0.01}, {RATE: 0.02}],
    "rungs": [{"rung": 1, "steps": 1200, "num_variants": 2, "num_kept": 1}],
}
TABLE: dict[str, Any] = {
    "run": "r4k7m2p9xq",
    "name": "first-model",
    "recipe": "first-model",
    "fields": [RATE],
    "metric": "bits_per_byte",
    "is_lower_better": True,
    "variants": [
        {
            "number": 1,
            "settings": {RATE: 0.01},
            "group": 1,
            "status": "done",
            "run": "r2ab3cd4ef",
            "rung": 1,
            "steps": 1200,
            "values": [1.934],
            "duration_s": 71.2,
            "is_best": True,
        }
    ],
    "groups": [
        {
            "group": 1,
            "settings": {RATE: 0.01},
            "variants": [1],
            "num_values": 1,
            "mean": 1.934,
            "spread": None,
            "is_best": True,
        }
    ],
    "rungs": [{"rung": 1, "steps": 1200, "num_variants": 2, "num_kept": 1, "is_closed": True}],
    "best": 1,
    "verdict": "",
}


class SweepPlanCreate(Spec):
    """A recipe by name or as a document, `settings` as `--set` writes them, and what is varied (left out: the recipe's own)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"recipe": "first-model", "sweep": SWEEP}]}
    )

    recipe: str | None = Field(default=None, examples=["first-model"])
    document: RecipeSpec | None = None
    settings: tuple[str, ...] = Field(default=(), examples=[["train.steps=400"]])
    sweep: SweepSpec | None = Field(default=None, description="Settings to vary.")


@router.post(
    "/plan",
    summary="Say what a sweep would do and cost",
    responses={200: {"content": {"application/json": {"example": BUDGET}}}},
)
def plan_sweep(body: SweepPlanCreate, context: ContextDep) -> SweepBudget:
    """Every variant, how many trainings and steps, and how long: nothing is begun."""
    workshop = context.workshop
    return budget(workshop, _recipe(body), workshop.machine())


@router.get(
    "/{run}",
    summary="Read a sweep's table",
    responses={200: {"content": {"application/json": {"example": TABLE}}}},
)
def read_sweep(run: str, context: ContextDep) -> SweepTable:
    """Each variant with its settings and its result so far, seeds put together, rungs, and what can be said of the best."""
    store = context.workshop.store
    return sweep_table(store, store.runs.get(run))


def _recipe(body: SweepPlanCreate) -> RecipeSpec:
    if (body.recipe is None) == (body.document is None):
        raise InvalidSpec(
            "no-recipe",
            "Say what to build: a recipe's name, or a document, not both.",
            "`GET /api/recipes` lists the names.",
            "recipe",
        )
    recipe = body.document or load_recipe(body.recipe or "")
    if body.sweep is not None:
        recipe = recipe.model_copy(update={"sweep": body.sweep})
    return apply_settings(recipe, list(body.settings))
