"""A sweep in the terminal: read from options, its cost told before, its table told at the end."""

from typing import Any

from glassworks.cli import numbers
from glassworks.cli.console import stderr, stdout
from glassworks.cli.failures import print_json
from glassworks.cli.tables import print_table
from glassworks.common.errors import InvalidSpec
from glassworks.engine.follow import FlowFollower
from glassworks.engine.sweep_table import sweep_table
from glassworks.engine.sweeps import budget
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import apply_settings
from glassworks.flow.sweep import parse_axis
from glassworks.specs.flow import RecipeSpec
from glassworks.specs.sweep import HalvingSpec, SweepBudget, SweepSpec, SweepTable, VariantRow

MARKS = {
    "waiting": "○",
    "running": "◐",
    "done": "●",
    "failed": "×",
    "dropped": "◌",
    "stopped": "■",
}


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


def tell_table(follower: FlowFollower) -> None:
    """The variants, the best marked; groups where there are several seeds; one sentence on noise."""
    table = sweep_table(follower.store, follower.run)
    console = stdout()
    names = {field: short(table.fields, field) for field in table.fields}
    unit = table.metric.replace("_", " ")
    heads = ("variant", *names.values(), unit, "step", "time", "state")
    rows = [_cells(table, row) for row in table.variants]
    console.print(f"\n  {_headline(table)}\n", style="title", soft_wrap=True)
    best = [number for number, row in enumerate(table.variants) if row.is_best]
    print_table(console, heads, rows, best)
    for line in _spread_lines(table):
        console.print(line, style="quiet", soft_wrap=True)
    if table.verdict:
        console.print(f"\n  {table.verdict}", soft_wrap=True)
    if table.best is not None:
        name = follower.spec.plan.output_name if follower.spec.plan else table.name
        console.print(f'\n    glassworks generate {name} "Once"', style="glass", soft_wrap=True)


def table_json(follower: FlowFollower) -> dict[str, Any]:
    """The table for programs."""
    return sweep_table(follower.store, follower.run).to_json()


def _headline(table: SweepTable) -> str:
    best = next((row for row in table.variants if row.is_best), None)
    if best is None or best.value is None:
        return f"{table.name}: no best variant yet."
    words = ", ".join(f"{short(table.fields, f)} {text_of(v)}" for f, v in best.settings.items())
    return f"The best of {len(table.variants)}: {words}, with {numbers.loss(best.value)}."


def _cells(table: SweepTable, row: VariantRow) -> tuple[str, ...]:
    value = "" if row.value is None else numbers.loss(row.value)
    step = "" if row.steps is None else numbers.exact(row.steps)
    time = "" if row.duration_s is None else numbers.duration(row.duration_s)
    state = "best" if row.is_best else row.status
    return (
        f"{row.number}",
        *(text_of(row.settings.get(field)) for field in table.fields),
        value,
        step,
        time,
        f"{MARKS[row.status]} {state}",
    )


def _spread_lines(table: SweepTable) -> list[str]:
    """One line for each group that has several seeds."""
    lines = []
    for group in table.groups:
        if group.mean is None or group.spread is None:
            continue
        words = ", ".join(
            f"{short(table.fields, f)} {text_of(v)}" for f, v in group.settings.items()
        )
        figures = f"{numbers.loss(group.mean)} ± {group.spread:.3f}"
        lines.append(f"  {words or 'all'}: {figures} over {group.num_values} seeds")
    return ["", *lines] if lines else []


def short(fields: tuple[str, ...], field: str) -> str:
    """The last parts of a field's path that tell it from the others: `learning_rate`, `position.kind`."""
    parts = field.split(".")
    for num in range(1, len(parts) + 1):
        tail = parts[-num:]
        if tail[0] == "kind" and num < len(parts):
            continue
        if sum(other.split(".")[-num:] == tail for other in fields) == 1:
            return ".".join(tail).removesuffix(".kind")
    return field


def text_of(value: Any) -> str:
    """A setting's value, short."""
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)


def _budget(recipe: RecipeSpec, settings: list[str]) -> SweepBudget:
    with Workshop() as workshop:
        return budget(workshop, apply_settings(recipe, settings), workshop.machine())


def _say_budget(recipe: RecipeSpec, settings: list[str], is_json: bool) -> None:
    console = stderr() if is_json else stdout()
    console.print(f"\n  {budget_words(_budget(recipe, settings))}", style="quiet", soft_wrap=True)
