"""Sweeps of the plugin stage `count`, planned by hand: what is judged is `validation_loss`, 1 / the last step that was saved."""

from typing import Any

from glassworks.flow.sweep import expand
from glassworks.specs.flow import NodeSpec, PlannedNode, PlanSpec, RecipeSpec, SweepPlan
from glassworks.specs.stage import PortSpec, StageSpec
from glassworks.specs.sweep import AxisSpec, HalvingSpec, SweepSpec
from tests.engine.counts import planned
from tests.engine.plugin.counting import Count

STAGES = {
    "count": StageSpec(
        name="count",
        version=1,
        purpose="Count.",
        is_random=True,
        can_continue=True,
        libraries=(),
        inputs={"before": PortSpec(kind="dataset", description="before", is_optional=True)},
        outputs={"dataset": PortSpec(kind="dataset", description="number")},
        config_schema={},
    )
}


def sweep_plan(
    over: dict[str, tuple[Any, ...]], halving: HalvingSpec | None = None, **config: Any
) -> PlanSpec:
    """A frozen plan as the engine would make it: `over` is field of `count` -> values."""
    axes = tuple(AxisSpec(field=f"count.{field}", values=values) for field, values in over.items())
    base = RecipeSpec(
        name="counting",
        title="Counting",
        output="count.dataset",
        nodes={"count": NodeSpec(stage="count", config={"steps": 20, **config})},
        sweep=SweepSpec(over=axes, halving=halving, metric="validation_loss"),
    )
    found = expand(base, STAGES)
    sweep = SweepPlan(
        base=base,
        fields=found.fields,
        metric="validation_loss",
        is_lower_better=True,
        variants=found.variants,
        rungs=found.rungs,
    )
    nodes = tuple(_node(found.recipe, name, found.goes_on_from.get(name)) for name in found.order)
    return PlanSpec(recipe=found.recipe, output_name="counted", nodes=nodes, sweep=sweep)


def _node(recipe: RecipeSpec, name: str, before: str | None) -> PlannedNode:
    node = planned(name, Count.Config.model_validate(recipe.nodes[name].config))
    return node.model_copy(update={"goes_on_from": before})
