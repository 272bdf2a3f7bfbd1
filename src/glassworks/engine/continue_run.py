"""Taking a finished or stopped run further: a child run that starts from its parent's last state."""

from glassworks.common.errors import Conflict
from glassworks.engine.attempt import busy, choose_state
from glassworks.engine.sweep_table import best_child
from glassworks.engine.sweeps import variant_of
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import apply_settings
from glassworks.specs.flow import RecipeSpec
from glassworks.specs.run import RunSpec
from glassworks.storage.locks import exclusive
from glassworks.storage.runs import RunFolder


def continued_recipe(
    workshop: Workshop, run: RunFolder, settings: list[str]
) -> tuple[RecipeSpec, dict[str, str]]:
    """The parent's recipe with `settings` applied (`=+500` adds), and node -> `run:step` to start from.

    Raises Conflict when no node of the run has a state to go on from, or while the run is being driven.
    """
    spec = _flow_spec(workshop, run)
    assert spec.plan is not None
    if spec.plan.sweep is not None:
        return _continued_variant(workshop, run, spec, settings)
    recipe = apply_settings(_as_it_ran(spec), settings, is_relative=True)
    starts = _starting_points(workshop, run)
    if not starts:
        raise _no_state(run)
    return recipe, starts


def _continued_variant(
    workshop: Workshop, run: RunFolder, spec: RunSpec, settings: list[str]
) -> tuple[RecipeSpec, dict[str, str]]:
    """Of a sweep one variant is taken further: the one that `run` trains, or the best."""
    flow = workshop.store.runs.get(spec.id)
    child = run if run.id != flow.id else best_child(workshop.store, flow)
    recipe, node = variant_of(workshop, flow, child)
    planned = child.spec().node
    document = recipe.model_dump(mode="json")
    document["nodes"][node]["config"] = planned.config if planned else {}
    settled = RecipeSpec.model_validate(document)
    with exclusive(child.lock_file, busy(child)):
        state = choose_state(child)
    if state is None:
        raise _no_state(child)
    return apply_settings(settled, settings, is_relative=True), {node: f"{child.id}:{state.step}"}


def _no_state(run: RunFolder) -> Conflict:
    return Conflict(
        "no-state",
        f"Run {run.id} has no saved state to continue from.",
        "Only training runs have one; `glassworks resume` goes on with an unfinished run.",
    )


def _flow_spec(workshop: Workshop, run: RunFolder) -> RunSpec:
    spec = run.spec()
    if spec.plan is None and spec.flow_run:
        return workshop.store.runs.get(spec.flow_run).spec()
    return spec


def _as_it_ran(spec: RunSpec) -> RecipeSpec:
    """The recipe with the resolved configs written into it, so that a relative change has a number to stand on."""
    assert spec.plan is not None
    planned = {node.name: node.config for node in spec.plan.nodes}
    document = spec.plan.recipe.model_dump(mode="json")
    for name, node in document["nodes"].items():
        node["config"] = planned[name]
    return RecipeSpec.model_validate(document)


def _starting_points(workshop: Workshop, run: RunFolder) -> dict[str, str]:
    flow = workshop.store.runs.get(run.spec().flow_run or run.id)
    starts = {}
    for name, decision in flow.state().nodes.items():
        child = workshop.store.runs.get(decision.run)
        node = child.spec().node
        if node is None or not workshop.catalog.stages[node.stage].can_continue:
            continue
        with exclusive(child.lock_file, busy(child)):
            state = choose_state(child)
        if state is not None:
            starts[name] = f"{child.id}:{state.step}"
    return starts
