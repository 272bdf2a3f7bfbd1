"""A sweep as a table: each variant with its settings and its result so far, seeds put together, rungs, and a verdict.

In: the plan, and the states of the sweep's run and of its children. Out: a `SweepTable`, at any time. Pure but for `sweep_table`,
which reads the states from their folders.
"""

from collections.abc import Sequence

from glassworks.common.errors import Conflict, GlassworksError, InvalidSpec
from glassworks.common.hashing import hash_json
from glassworks.engine.course import measured
from glassworks.engine.lineage import read_lineage
from glassworks.engine.noise import Side, judge, spread
from glassworks.engine.references import resolve_run
from glassworks.engine.training_text import text_of_tokens
from glassworks.flow.sweep import is_seed
from glassworks.specs.flow import SweepPlan, VariantPlan
from glassworks.specs.run import RunSpec, RunState
from glassworks.specs.sweep import (
    GroupRow,
    RungRow,
    SweepPoint,
    SweepSummary,
    SweepTable,
    VariantRow,
    VariantStatus,
)
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

ANOTHER_TEXT = (
    "The variants were measured on different held-out text, so the lowest figure may be that of the easiest text. "
    "With whole groups held out all are measured on the same."
)


def sweep_of(run: RunFolder) -> SweepPlan:
    """The sweep that a run is. Raises InvalidSpec when it is none."""
    plan = run.spec().plan
    if plan is None or plan.sweep is None:
        raise InvalidSpec(
            "no-sweep",
            f"Run {run.id} is no sweep.",
            "`glassworks sweep RECIPE --over node.field=1,2,3` makes one.",
            run.id,
        )
    return plan.sweep


def sweep_table(store: Store, run: RunFolder) -> SweepTable:
    """Every variant with its settings and its result so far."""
    spec, state = run.spec(), run.state()
    sweep = sweep_of(run)
    children = {name: _state(store, d.run) for name, d in state.nodes.items()}
    table = table_of(spec, sweep, state, children)
    if table.verdict and _has_several_texts(store, table.variants):
        return table.model_copy(update={"verdict": ANOTHER_TEXT})
    return table


def best_child(store: Store, run: RunFolder) -> RunFolder:
    """The training run of the best variant. Raises Conflict while there is none."""
    table = sweep_table(store, run)
    found = next((row.run for row in table.variants if row.is_best and row.run), None)
    if found is None:
        raise Conflict(
            "no-best-yet",
            f"The sweep {run.id} has no best variant yet.",
            "Wait for its end, or name the run of one variant.",
            run.id,
        )
    return store.runs.get(found)


def with_variants(store: Store, references: Sequence[str]) -> list[str]:
    """The same references, a sweep replaced by the trainings of all its variants that went to the end."""
    found: list[str] = []
    for reference in references:
        run = resolve_run(store, reference)
        plan = run.spec().plan
        if plan is None or plan.sweep is None:
            found.append(reference)
            continue
        rows = sweep_table(store, run).variants
        found += [row.run for row in rows if row.status == "done" and row.run]
    return found


def summary_of(table: SweepTable) -> SweepSummary:
    """What a list shows of a sweep."""
    statuses = [row.status for row in table.variants]
    return SweepSummary(
        fields=table.fields,
        metric=table.metric,
        num_variants=len(statuses),
        num_done=statuses.count("done") + statuses.count("dropped"),
        num_failed=statuses.count("failed"),
        best=table.best,
        best_run=next((row.run for row in table.variants if row.is_best), None),
        best_value=next((row.value for row in table.variants if row.is_best), None),
        points=tuple(
            SweepPoint(
                number=row.number,
                settings=row.settings,
                run=row.run,
                status=row.status,
                value=row.value,
                is_best=row.is_best,
            )
            for row in table.variants
        ),
    )


def table_of(
    spec: RunSpec, sweep: SweepPlan, state: RunState, children: dict[str, RunState]
) -> SweepTable:
    """The same from states that were read already: node -> state of the run that answers it. Pure."""
    best = _best(sweep, state)
    rows = tuple(_row(sweep, variant, state, children, best) for variant in sweep.variants)
    groups = _group_rows(sweep, rows, best)
    return SweepTable(
        run=spec.id,
        name=state.name or spec.name,
        recipe=sweep.base.name,
        fields=sweep.fields,
        metric=sweep.metric,
        is_lower_better=sweep.is_lower_better,
        variants=rows,
        groups=groups,
        rungs=_rung_rows(sweep, state),
        best=best,
        verdict=_verdict(sweep, rows, groups),
    )


def _state(store: Store, run: str) -> RunState:
    try:
        return store.runs.get(run).state()
    except GlassworksError:
        return RunState(status="failed")


def _best(sweep: SweepPlan, state: RunState) -> int | None:
    last = next((event for event in state.rungs if event.rung == len(sweep.rungs)), None)
    return last.kept[0] if last and last.values else None


def _row(
    sweep: SweepPlan,
    variant: VariantPlan,
    state: RunState,
    children: dict[str, RunState],
    best: int | None,
) -> VariantRow:
    begun = [name for name in variant.trainings if name in children]
    states = [children[name] for name in begun]
    values = [measured(one, sweep.metric) for one in states]
    num_done = sum(one.status == "done" for one in states)
    failed = next((children[n] for n in variant.nodes if _has_failed(children.get(n))), None)
    return VariantRow(
        number=variant.number,
        settings=variant.settings,
        group=variant.group,
        status=_status(sweep, variant, state, states, failed is not None),
        run=state.nodes[begun[-1]].run if begun else None,
        rung=num_done,
        steps=sweep.rungs[num_done - 1].steps if num_done else None,
        values=tuple(value for value in values if value is not None),
        duration_s=_duration_s(states),
        error=failed.error.message if failed and failed.error else None,
        is_best=variant.number == best,
    )


def _has_failed(state: RunState | None) -> bool:
    return state is not None and state.status == "failed"


def _status(
    sweep: SweepPlan,
    variant: VariantPlan,
    state: RunState,
    states: list[RunState],
    has_failed: bool,
) -> VariantStatus:
    if has_failed:
        return "failed"
    for event in state.rungs:
        if event.rung < len(sweep.rungs) and variant.number not in event.kept:
            return "dropped"
    if len(states) == len(sweep.rungs) and states[-1].status == "done":
        return "done"
    if states and states[-1].status in ("running", "stopping"):
        return "running"
    return "stopped" if states and states[-1].status == "stopped" else "waiting"


def _duration_s(states: list[RunState]) -> float | None:
    spent = [state.duration_s for state in states if state.duration_s is not None]
    return sum(spent) if spent else None


def _group_rows(
    sweep: SweepPlan, rows: tuple[VariantRow, ...], best: int | None
) -> tuple[GroupRow, ...]:
    members: dict[int, list[VariantRow]] = {}
    for row in rows:
        members.setdefault(row.group, []).append(row)
    found = []
    for group, own in members.items():
        depth = min((len(row.values) for row in own if row.values), default=0)
        values = [row.values[depth - 1] for row in own if len(row.values) >= depth > 0]
        found.append(
            GroupRow(
                group=group,
                settings={k: v for k, v in own[0].settings.items() if not is_seed(k)},
                variants=tuple(row.number for row in own),
                num_values=len(values),
                mean=sum(values) / len(values) if values else None,
                spread=spread(values),
                is_best=any(row.number == best for row in own),
            )
        )
    return tuple(found)


def _rung_rows(sweep: SweepPlan, state: RunState) -> tuple[RungRow, ...]:
    closed = {event.rung: event for event in state.rungs}
    groups = len({variant.group for variant in sweep.variants})
    repeats = len(sweep.variants) // max(groups, 1)
    rows = []
    begun = len(sweep.variants)
    for number, rung in enumerate(sweep.rungs, start=1):
        event = closed.get(number)
        kept = len(event.kept) if event else rung.num_kept * repeats
        rows.append(
            RungRow(
                rung=number,
                steps=rung.steps,
                num_variants=begun,
                num_kept=kept,
                reason=event.reason if event else "",
                is_closed=event is not None,
            )
        )
        begun = kept
    return tuple(rows)


def _has_several_texts(store: Store, rows: Sequence[VariantRow]) -> bool:
    """Whether what is varied lies before the held-out text, so that the variants are measured on different ones."""
    runs = [row.run for row in rows if row.run]
    if len(runs) < 2:
        return False
    lineage = read_lineage(store)
    held_out = (store.runs.get(run).spec().inputs.get("validation", "") for run in runs)
    return len({text_of_tokens(lineage, tokens) for tokens in held_out}) > 1


def _verdict(sweep: SweepPlan, rows: tuple[VariantRow, ...], groups: tuple[GroupRow, ...]) -> str:
    """The best against the next best that went as far, by the one rule of noise."""
    farthest = max((len(row.values) for row in rows), default=0)
    reached: dict[int, dict[int, float]] = {}
    for row in rows:
        if farthest and len(row.values) == farthest:
            reached.setdefault(row.group, {})[_seed(row)] = row.values[-1]
    best = next((group.group for group in groups if group.is_best), None)
    if best not in reached:
        return ""
    if len(reached) < 2:
        return "One variant went to the end, so there is nothing to hold it against."
    sign = 1 if sweep.is_lower_better else -1
    others = [group for group in reached if group != best]
    second = min(others, key=lambda g: sign * sum(reached[g].values()) / len(reached[g]))
    return f"The best against the next: {_lower_first(judge(Side(reached[second]), Side(reached[best])).words)}"


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def _seed(row: VariantRow) -> int:
    """The seeds of a variant in one number, equal for equal seeds."""
    seeds = [value for field, value in sorted(row.settings.items()) if is_seed(field)]
    return int(hash_json(seeds)[:12], 16)
