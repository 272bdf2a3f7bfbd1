"""Taking a run further: from its last state, or on another way from any state or checkpoint of it (a branch).

In: a run, perhaps a step, changed settings. Out: a child run in the store, which says where it comes from. A state brings
everything: weights, the optimizer's memory, the place in the data. Where only the checkpoint of a step is left, the branch
begins with its weights (`init_from`): the optimizer starts afresh and the steps count from 0, which the run says.
"""

import os
import shutil
from dataclasses import dataclass, field
from typing import Any

from glassworks.common.errors import Conflict, NotFound
from glassworks.engine.attempt import busy, choose_state
from glassworks.engine.drive import held_name, open_flow_run, state_folder
from glassworks.engine.plan import make_plan
from glassworks.engine.references import newest_first, step_number
from glassworks.engine.sweep_table import best_child
from glassworks.engine.sweeps import variant_of
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import apply_settings
from glassworks.specs.flow import RecipeSpec
from glassworks.specs.machine import MachineSpec
from glassworks.storage.atomic import publish_folder
from glassworks.storage.locks import exclusive
from glassworks.storage.runs import RunFolder
from glassworks.storage.states import damage, steps

INIT_FROM = "init_from"
"""Name of the input through which a stage that can be continued takes the weights of a checkpoint."""


@dataclass(frozen=True)
class Continuation:
    """The recipe of a child run, and node -> `run:step` of the state that it starts from; `step`: of a branch."""

    recipe: RecipeSpec
    starts: dict[str, str] = field(default_factory=dict)
    step: int | None = None


def open_continued(
    workshop: Workshop,
    machine: MachineSpec,
    run: RunFolder,
    settings: list[str],
    name: str | None,
    step: str | None = None,
) -> tuple[RunFolder, bool]:
    """The child run of the flow that `run` belongs to, and whether it was there unfinished.

    `step`: a number, `latest` or `best` for a branch; None goes on from the last state.
    """
    parent = workshop.store.runs.get(run.spec().flow_run or run.id)
    if step is None:
        found = continued_recipe(workshop, run, settings)
    else:
        found = branched_recipe(workshop, run, step, settings)
    spec = parent.spec()
    plan = make_plan(
        workshop, found.recipe, machine, name or spec.name, False, found.starts, spec.project
    )
    child, is_resumed = open_flow_run(
        workshop, plan, machine, spec.project, parent.id, continues_at=found.step
    )
    _hold(workshop, child, found.starts)
    return child, is_resumed


def continued_recipe(workshop: Workshop, run: RunFolder, settings: list[str]) -> Continuation:
    """The parent's recipe with `settings` applied (`=+500` adds), from the last state of each of its trainings.

    Raises Conflict when no node of the run has a state to go on from, or while the run is being driven.
    """
    ran, trainings = _as_it_ran(workshop, run)
    recipe = apply_settings(ran, settings, is_relative=True)
    starts = {}
    for name, child in trainings:
        with exclusive(child.lock_file, busy(child)):
            state = choose_state(child)
        if state is not None:
            starts[name] = f"{child.id}:{state.step}"
    if not starts:
        raise _no_state(run)
    return Continuation(recipe, starts)


def branched_recipe(
    workshop: Workshop, run: RunFolder, step: str, settings: list[str]
) -> Continuation:
    """The parent's recipe with `settings` applied, from the state or else the checkpoint of `step`.

    A run that is being driven can be branched too. Raises NotFound where neither is left, Conflict for a run without a
    training.
    """
    ran, trainings = _as_it_ran(workshop, run)
    recipe = apply_settings(ran, settings, is_relative=True)
    if not trainings:
        raise _no_state(run)
    flow, children = workshop.store.runs.get(run.spec().flow_run or run.id), dict(trainings)
    for name in newest_first(flow, children):
        child = children[name]
        state = child.state()
        saved = {one.step: one.artifact for one in state.checkpoints}
        number = step_number(step, state, saved) if saved or step.isdecimal() else None
        if number is None:
            continue
        folder = state_folder(child, number)
        if folder is not None and not damage(folder):
            return Continuation(recipe, {name: f"{child.id}:{number}"}, number)
        if number in saved:
            return Continuation(_begin_from(recipe, name, saved[number]), step=number)
    raise NotFound(
        "no-checkpoint",
        f"Run {run.id} has neither a state nor a checkpoint at step {step}.",
        f"It has: {_words(trainings[-1][1])}.",
    )


def _as_it_ran(
    workshop: Workshop, run: RunFolder
) -> tuple[RecipeSpec, list[tuple[str, RunFolder]]]:
    """The recipe with the resolved configs written into it, so that a relative change has a number to stand on, and its trainings.

    Of a sweep it is one variant: the one that `run` trains, or the best.
    """
    flow = workshop.store.runs.get(run.spec().flow_run or run.id)
    plan = flow.spec().plan
    assert plan is not None
    if plan.sweep is None:
        configs = {node.name: node.config for node in plan.nodes}
        return _with_configs(plan.recipe, configs), _trainings(workshop, flow, run)
    child = run if run.id != flow.id else best_child(workshop.store, flow)
    recipe, name = variant_of(workshop, flow, child)
    planned = child.spec().node
    return _with_configs(recipe, {name: planned.config if planned else {}}), [(name, child)]


def _with_configs(recipe: RecipeSpec, configs: dict[str, dict[str, Any]]) -> RecipeSpec:
    document = recipe.model_dump(mode="json")
    for name, config in configs.items():
        document["nodes"][name]["config"] = config
    return RecipeSpec.model_validate(document)


def _trainings(workshop: Workshop, flow: RunFolder, run: RunFolder) -> list[tuple[str, RunFolder]]:
    """The stage runs of a flow that can be continued, by node; only `run` where it is one of them."""
    found = []
    for name, decision in flow.state().nodes.items():
        child = workshop.store.runs.get(decision.run)
        node = child.spec().node
        is_meant = run.id in (flow.id, child.id)
        if is_meant and node is not None and workshop.catalog.stages[node.stage].can_continue:
            found.append((name, child))
    return found


def _begin_from(recipe: RecipeSpec, name: str, artifact: str) -> RecipeSpec:
    document = recipe.model_dump(mode="json")
    document["nodes"][name]["inputs"][INIT_FROM] = artifact
    return RecipeSpec.model_validate(document)


def _hold(workshop: Workshop, child: RunFolder, starts: dict[str, str]) -> None:
    """Hard-link the states into the child at once: it may wait for its turn while its parent removes older states."""
    for start in starts.values():
        run, _, step = start.partition(":")
        source = state_folder(workshop.store.runs.get(run), int(step))
        held = child.held_dir / held_name(start)
        if source is None or held.exists():
            continue
        temporary = held.with_name(f".{held.name}.tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.copytree(source, temporary, copy_function=os.link)
        publish_folder(temporary, held)


def _words(run: RunFolder) -> str:
    """Which steps a run can be branched at."""
    states = {step for attempt in run.attempts() for step in steps(attempt.state_dir)}
    saved = {one.step for one in run.state().checkpoints}
    return ", ".join(f"{step:,}" for step in sorted(states | saved)) or "none"


def _no_state(run: RunFolder) -> Conflict:
    return Conflict(
        "no-state",
        f"Run {run.id} has no saved state to continue from.",
        "Only training runs have one; `glassworks resume` goes on with an unfinished run.",
    )
