"""Recipes of the package only: a path, which the command line may give, is nothing that a browser may name."""

from glassworks.common.errors import NotFound
from glassworks.engine.estimate import estimate_recipe
from glassworks.engine.listing import list_recipes
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import apply_settings, load_recipe, recipe_names
from glassworks.flow.settings import named_settings
from glassworks.server.features.recipes.schemas import (
    EstimateView,
    RecipeDetail,
    RecipeRow,
    SettingView,
)
from glassworks.specs.flow import RecipeSpec


def rows() -> tuple[RecipeRow, ...]:
    return tuple(RecipeRow.model_validate(row) for row in list_recipes())


def detail(workshop: Workshop, name: str) -> RecipeDetail:
    recipe = find(name)
    settings = tuple(
        SettingView(
            name=setting.name,
            field=setting.field,
            description=setting.description,
            default=setting.value,
            schema=setting.field_schema,
        )
        for setting in named_settings(recipe, workshop.catalog)
    )
    return RecipeDetail(recipe=recipe, settings=settings)


def estimate(workshop: Workshop, name: str, settings: tuple[str, ...]) -> EstimateView:
    chosen = apply_settings(find(name), list(settings))
    return EstimateView.model_validate(estimate_recipe(workshop, chosen, workshop.machine()))


def find(name: str) -> RecipeSpec:
    """Raises NotFound for what is no recipe of the package."""
    if name not in recipe_names():
        raise NotFound(
            "recipe-not-found",
            f"There is no recipe {name!r}.",
            f"Recipes: {', '.join(recipe_names())}.",
        )
    return load_recipe(name)
