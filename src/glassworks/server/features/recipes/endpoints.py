"""`/api/recipes`: what can be built."""

from fastapi import APIRouter

from glassworks.server.features.recipes import service
from glassworks.server.features.recipes.schemas import (
    DocumentEstimate,
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
    """The start card: time, memory, disk, work and losses, as `glassworks estimate --json` gives them."""
    return service.estimate(context.workshop, service.find(name), body)


@router.post("/estimate", summary="Estimate what a written recipe will need")
def estimate_document(body: DocumentEstimate, context: ContextDep) -> EstimateView:
    """The start card of a recipe that is no recipe of the package: a clone with changes, or one of one's own."""
    return service.estimate(context.workshop, body.document, body)
