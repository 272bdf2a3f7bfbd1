"""Sweeps: planned as one flow, budgeted before the start, a variant taken further by itself.

In: a recipe that says what is varied. Out: a frozen plan with every variant's nodes, and what it will cost, from what earlier
runs here reached. A plain recipe is planned as ever.
"""

from typing import Any

from glassworks.common.errors import Conflict, InvalidSpec
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.estimate import estimate_recipe
from glassworks.engine.plan import make_plan
from glassworks.engine.sweep_table import sweep_of
from glassworks.engine.workshop import Workshop
from glassworks.flow.graph import check_flow
from glassworks.flow.sweep import Expanded, expand, settled_recipe, training_node
from glassworks.specs.flow import PlanSpec, RecipeSpec, RungPlan, SweepPlan
from glassworks.specs.machine import MachineSpec
from glassworks.specs.sweep import RungRow, SweepBudget
from glassworks.storage.runs import RunFolder


def plan_recipe(
    workshop: Workshop,
    recipe: RecipeSpec,
    machine: MachineSpec,
    name: str | None = None,
    is_fresh: bool = False,
    project: str = DEFAULT_PROJECT,
) -> PlanSpec:
    """The frozen plan of any recipe, one that varies settings included. Raises InvalidSpec, NotFound."""
    if recipe.sweep is None:
        return make_plan(workshop, recipe, machine, name, is_fresh, project=project)
    found = expand(recipe, workshop.catalog.stages)
    plan = make_plan(workshop, found.recipe, machine, name, is_fresh, project=project)
    return _swept(workshop, recipe, found, plan)


def _swept(workshop: Workshop, recipe: RecipeSpec, found: Expanded, plan: PlanSpec) -> PlanSpec:
    """The plan with its nodes rung by rung, and what the variants are judged by."""
    nodes = {node.name: node for node in plan.nodes}
    ordered = tuple(
        nodes[name].model_copy(update={"goes_on_from": found.goes_on_from.get(name)})
        for name in found.order
    )
    assert recipe.sweep is not None
    sweep = SweepPlan(
        base=recipe,
        fields=found.fields,
        metric=recipe.sweep.metric,
        is_lower_better=_is_lower_better(workshop, recipe.sweep.metric),
        variants=found.variants,
        rungs=found.rungs,
    )
    return plan.model_copy(update={"nodes": ordered, "sweep": sweep})


def _is_lower_better(workshop: Workshop, metric: str) -> bool:
    known = {
        name: spec.is_lower_better
        for name, spec in workshop.catalog.metrics.items()
        if spec.cadence == "evaluation"
    }
    found = known.get(metric)
    if found is None:
        raise InvalidSpec(
            "unknown-metric",
            f"{metric!r} is no metric to judge by.",
            f"Metrics: {', '.join(sorted(name for name, way in known.items() if way is not None))}.",
            "sweep.metric",
        )
    return found


# --- before the start ------------------------------------------------------------------------------------------------


def budget(workshop: Workshop, recipe: RecipeSpec, machine: MachineSpec | None) -> SweepBudget:
    """How many trainings, of how many steps in all, and how long. Raises InvalidSpec where the recipe varies nothing."""
    found = expand(recipe, workshop.catalog.stages)
    sizes = _rung_sizes(found)
    steps = 0
    total_s: float | None = 0.0
    based_on = 0
    shares = _shares(found, sizes)
    for group, num in _group_sizes(found).items():
        first = next(variant for variant in found.variants if variant.group == group)
        one = settled_recipe(recipe, first.settings)
        estimate = _training_estimate(estimate_recipe(workshop, one, machine))
        full = int(estimate.get("steps") or found.rungs[-1].steps or 0)
        steps += round(full * num * shares)
        time_s = estimate.get("time_s")
        based_on = max(based_on, int(estimate.get("based_on_runs") or 0))
        total_s = None if time_s is None or total_s is None else total_s + time_s * num * shares
    return SweepBudget(
        num_variants=len(found.variants),
        num_trainings=sum(sizes),
        steps=steps,
        time_s=total_s,
        based_on_runs=based_on,
        fields=found.fields,
        variants=tuple(variant.settings for variant in found.variants),
        rungs=_planned_rungs(found.rungs, sizes),
    )


def _rung_sizes(found: Expanded) -> list[int]:
    """How many variants begin each rung."""
    groups = len({variant.group for variant in found.variants})
    repeats = len(found.variants) // max(groups, 1)
    kept = [groups, *(rung.num_kept for rung in found.rungs[:-1])]
    return [num * repeats for num in kept]


def _shares(found: Expanded, sizes: list[int]) -> float:
    """Steps that are done, as a share of training every variant in full."""
    full = (found.rungs[-1].steps or 1) * sizes[0]
    done, before = 0, 0
    for rung, size in zip(found.rungs, sizes, strict=True):
        done += ((rung.steps or 1) - before) * size
        before = rung.steps or 1
    return done / full


def _group_sizes(found: Expanded) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for variant in found.variants:
        sizes[variant.group] = sizes.get(variant.group, 0) + 1
    return sizes


def _training_estimate(estimate: dict[str, Any]) -> dict[str, Any]:
    nodes: dict[str, dict[str, Any]] = estimate["nodes"]
    return next(iter(nodes.values()), {})


def _planned_rungs(rungs: tuple[RungPlan, ...], sizes: list[int]) -> tuple[RungRow, ...]:
    following = [*sizes[1:], 1]
    return tuple(
        RungRow(rung=number, steps=rung.steps, num_variants=size, num_kept=kept)
        for number, (rung, size, kept) in enumerate(
            zip(rungs, sizes, following, strict=True), start=1
        )
    )


# --- taking a variant further ----------------------------------------------------------------------------------------


def variant_of(workshop: Workshop, run: RunFolder, child: RunFolder) -> tuple[RecipeSpec, str]:
    """A variant as a recipe of its own, and the name of its training node. Raises Conflict when it is none of this sweep."""
    sweep = sweep_of(run)
    decided = {name: decision.run for name, decision in run.state().nodes.items()}
    for variant in sweep.variants:
        if child.id in [decided.get(name) for name in variant.trainings]:
            recipe = settled_recipe(sweep.base, variant.settings)
            order = check_flow(recipe, workshop.catalog.stages)
            return recipe, training_node(recipe, order, workshop.catalog.stages)
    raise Conflict(
        "no-state",
        f"Run {child.id} trains no variant of the sweep {run.id}.",
        "`glassworks show` lists the sweep's runs.",
        child.id,
    )
