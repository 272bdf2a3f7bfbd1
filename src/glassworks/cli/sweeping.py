"""A sweep in the terminal: read from options, its cost told before; `display/sweep_table.py` tells its table."""

from glassworks.cli import numbers
from glassworks.cli.console import stderr, stdout
from glassworks.cli.display.sweep_table import short, text_of
from glassworks.cli.failures import print_json
from glassworks.common.errors import InvalidSpec
from glassworks.engine.sweeps import budget
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import apply_settings
from glassworks.flow.sweep import parse_axis
from glassworks.specs.flow import RecipeSpec
from glassworks.specs.sweep import HalvingSpec, SweepBudget, SweepSpec


def read_sweep(
    over: list[str], num: int | None, seed: int, eta: int | None, metric: str
) -> SweepSpec:
    """What the options say is varied. Raises InvalidSpec."""
    axes = tuple(parse_axis(text) for text in over)
    halving = HalvingSpec(eta=eta) if eta is not None else None
    return SweepSpec(over=axes, num=num, seed=seed, halving=halving, metric=metric)


def run_sweep(
    recipe: RecipeSpec,
    settings: list[str] | None,
    name: str | None,
    project: str,
    is_fresh: bool,
    is_json: bool,
    is_quiet: bool,
) -> int:
    """Say what it costs, drive it on screen, tell its table; returns the exit code."""
    from glassworks import api
    from glassworks.cli.outcome import run_and_tell

    if recipe.sweep is None:
        raise InvalidSpec(
            "no-sweep",
            f"Nothing is varied in {recipe.name!r}.",
            "Say what: `--over train.optimizer.learning_rate=1e-3,3e-3`.",
        )
    if not is_quiet:
        _say_budget(recipe, settings or [], is_json)
    return run_and_tell(
        lambda stopper, on_open: api.run(
            recipe, settings, name, project, is_fresh, stopper, on_open
        ),
        is_json,
        is_quiet,
    )


def tell_budget(recipe: RecipeSpec, settings: list[str], is_json: bool) -> None:
    """What the sweep would do, and no more."""
    found = _budget(recipe, settings)
    if is_json:
        print_json(found.to_json())
        return
    console = stdout()
    console.print(budget_words(found), style="title", soft_wrap=True)
    for rung in found.rungs if len(found.rungs) > 1 else ():
        steps = numbers.exact(rung.steps or 0)
        console.print(
            f"  to step {steps}: {rung.num_variants} variants, {rung.num_kept} kept", style="quiet"
        )
    for number, chosen in enumerate(found.variants, start=1):
        words = "  ".join(f"{short(found.fields, f)} {text_of(v)}" for f, v in chosen.items())
        console.print(f"  {number:>3}  {words}", soft_wrap=True)


def budget_words(found: SweepBudget) -> str:
    """`6 variants, 6 trainings, 2,400 steps in all, about 4:10 min.`"""
    time = "time not known yet: nothing was trained on this machine"
    if found.time_s is not None:
        time = f"about {numbers.duration(found.time_s)}"
    steps = f"{numbers.exact(found.steps)} steps in all"
    trainings = numbers.plural(found.num_trainings, "training")
    return f"{numbers.plural(found.num_variants, 'variant')}, {trainings}, {steps}, {time}."


def _budget(recipe: RecipeSpec, settings: list[str]) -> SweepBudget:
    with Workshop() as workshop:
        return budget(workshop, apply_settings(recipe, settings), workshop.machine())


def _say_budget(recipe: RecipeSpec, settings: list[str], is_json: bool) -> None:
    console = stderr() if is_json else stdout()
    console.print(f"\n  {budget_words(_budget(recipe, settings))}", style="quiet", soft_wrap=True)
