"""`/api/recipes`: what can be built."""

from fastapi import APIRouter

from glassworks.server.features.recipes import service
from glassworks.server.features.recipes.schemas import (
    EstimateCreate,
    EstimateView,
    RecipeDetail,
    RecipeList,
)
from glassworks.server.http.context import ContextDep

router = APIRouter(prefix="/recipes")


@router.get("", summary="List the recipes")
def list_recipes() -> RecipeList:
    """Every recipe of the package, with its nodes and its named settings."""
    return RecipeList(items=service.rows())


@router.get("/{name}", summary="Show a recipe")
def get_recipe(name: str, context: ContextDep) -> RecipeDetail:
    """The recipe in full; each named setting with the value that stands there and the schema of its field."""
    return service.detail(context.workshop, name)


@router.post("/{name}/estimate", summary="Estimate what a recipe will need")
def estimate_recipe(name: str, body: EstimateCreate, context: ContextDep) -> EstimateView:
    """Parameters, work, memory and time before a run, as `glassworks estimate --json` gives them."""
    return service.estimate(context.workshop, name, body.settings)
