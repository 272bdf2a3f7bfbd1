"""The table of a sweep at its end: the variants, the best marked, and one sentence on noise. In: the run's follower."""

from typing import Any

from glassworks.cli import numbers
from glassworks.cli.console import stdout
from glassworks.cli.tables import print_table
from glassworks.engine.follow import FlowFollower
from glassworks.engine.sweep_table import sweep_table
from glassworks.specs.flow import PlanSpec
from glassworks.specs.sweep import SweepTable, VariantRow

MARKS = {
    "waiting": "○",
    "running": "◐",
    "done": "●",
    "failed": "×",
    "dropped": "◌",
    "stopped": "■",
}


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
    plan = follower.spec.plan
    if table.best is not None and plan is not None:
        command = f'glassworks generate {plan.output_name} "{_prompt(plan)}"'
        console.print(f"\n    {command}", style="glass", soft_wrap=True)


def _prompt(plan: PlanSpec) -> str:
    """What the trainings wrote their samples from, its first line: text of a kind that the model has read."""
    asked = (str(node.config.get("sample_prompt", "")) for node in plan.nodes)
    return next((text for text in asked if text), "Once").splitlines()[0].replace('"', "'")


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
