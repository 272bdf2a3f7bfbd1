"""Recipes of the package only: a path, which the command line may give, is nothing that a browser may name."""

from glassworks.common.errors import NotFound
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.estimate import estimate_recipe
from glassworks.engine.listing import list_recipes
from glassworks.engine.planning import recipe_for_minutes
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import apply_settings, load_recipe, recipe_names
from glassworks.flow.settings import named_settings
from glassworks.server.features.recipes.schemas import (
    EstimateCreate,
    EstimateView,
    RecipeDetail,
    RecipeRow,
    SettingView,
    TimePlanView,
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


def estimate(workshop: Workshop, recipe: RecipeSpec, ask: EstimateCreate) -> EstimateView:
    """What a recipe will need with these settings; with minutes, what is chosen for them."""
    chosen, machine = apply_settings(recipe, list(ask.settings)), workshop.machine()
    project = ask.project or DEFAULT_PROJECT
    plan = None
    if ask.minutes is not None:
        measured = machine or workshop.measure_machine()
        chosen, found = recipe_for_minutes(workshop, chosen, ask.minutes, measured, project)
        plan = {key: found[key] for key in TimePlanView.model_fields}
    known = estimate_recipe(workshop, chosen, machine, project)
    return EstimateView.model_validate({**known, "plan": plan})


def find(name: str) -> RecipeSpec:
    """Raises NotFound for what is no recipe of the package."""
    if name not in recipe_names():
        raise NotFound(
            "recipe-not-found",
            f"There is no recipe {name!r}.",
            f"Recipes: {', '.join(recipe_names())}.",
        )
    return load_recipe(name)
