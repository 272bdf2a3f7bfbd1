"""The ten public names of `import glassworks as gw`. The command line is written on them.

    run(recipe)            build what a recipe describes; goes on with an unfinished run of the same key
    resume(run)            go on with an unfinished run
    continue_run(run)      take a finished run further from its last state, e.g. settings=["train.steps=+500"];
                           `run:step` branches off at that step
    watch(run)             follow a run, this process's or another's
    ls(what)               recipes, runs, items or stages, as plain dictionaries
    show(ref)              one of them in full
    load(ref)              a model that generates: load("first-model").generate("To be")
    estimate(recipe)       parameters, memory, FLOPs and time before a run
    doctor()               measure this machine; doctor(store=True) also checks every byte of the store
    gc()                   remove what nothing uses

Everything raises `glassworks.common.errors.GlassworksError`. No call here imports torch into your process. While a server
holds the home, it drives the runs that are begun here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from glassworks.common.errors import Conflict, NotFound
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.attempt import Stopper
from glassworks.engine.continue_run import open_continued
from glassworks.engine.doctor import DoctorReport, check_machine
from glassworks.engine.drive import drive, open_flow_run
from glassworks.engine.estimate import estimate_recipe
from glassworks.engine.follow import FlowFollower
from glassworks.engine.gc import SPARED_S, GcReport, collect_garbage
from glassworks.engine.listing import (
    list_items,
    list_recipes,
    list_runs,
    list_stages,
    show_reference,
)
from glassworks.engine.model import Model, load_model
from glassworks.engine.planning import recipe_for_minutes
from glassworks.engine.references import resolve_run
from glassworks.engine.server_link import find_server
from glassworks.engine.service import drive_by_server
from glassworks.engine.sweeps import plan_recipe
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import apply_settings, load_recipe
from glassworks.specs.flow import RecipeSpec
from glassworks.specs.machine import MachineSpec
from glassworks.specs.run import RunState
from glassworks.storage.runs import RunFolder

__all__ = [
    "continue_run",
    "doctor",
    "estimate",
    "gc",
    "load",
    "ls",
    "resume",
    "run",
    "show",
    "watch",
]


@dataclass(frozen=True)
class RunResult:
    """How a run ended. `outputs`: `node.output` -> artifact id. `is_resumed`: it was begun by an earlier command."""

    run: str
    state: RunState
    outputs: dict[str, str]
    is_resumed: bool = False


def run(
    recipe: str | RecipeSpec,
    settings: list[str] | None = None,
    name: str | None = None,
    project: str = DEFAULT_PROJECT,
    is_fresh: bool = False,
    stopper: Stopper | None = None,
    on_open: Callable[[FlowFollower, bool], None] | None = None,
    minutes: float | None = None,
) -> RunResult:
    """Build what a recipe (a name, a file or a document) describes; returns when it is done, stopped or failed.

    settings: like `--set`, e.g. `["train.steps=400"]`. An unfinished run of the same plan is gone on with, unless
    `is_fresh`. `on_open(follower, is_resumed)` is called once the run has its folder, before it is driven. A failed
    run does not raise: look at `result.state`. `minutes`: choose the model and its training for this time.
    """
    with Workshop() as workshop:
        document = recipe if isinstance(recipe, RecipeSpec) else load_recipe(recipe)
        chosen = apply_settings(document, settings or [])
        machine = _machine(workshop)
        if minutes is not None:
            chosen, _ = recipe_for_minutes(workshop, chosen, minutes, machine, project)
        plan = plan_recipe(workshop, chosen, machine, name, is_fresh, project)
        folder, is_resumed = open_flow_run(workshop, plan, machine, project, minutes=minutes)
        return _drive(workshop, folder, machine, stopper, on_open, is_resumed)


def resume(
    run: str,
    stopper: Stopper | None = None,
    on_open: Callable[[FlowFollower, bool], None] | None = None,
) -> RunResult:
    """Go on with a stopped, failed or abandoned run from its newest sound state. Raises Conflict if it is done."""
    with Workshop() as workshop:
        folder = _flow_run(workshop, resolve_run(workshop.store, run))
        if folder.done() is not None:
            raise Conflict(
                "run-done",
                f"Run {folder.id} is done; there is nothing to resume.",
                f"`glassworks continue {folder.id} --set train.steps=+500` takes it further.",
            )
        return _drive(workshop, folder, _machine(workshop), stopper, on_open, is_resumed=True)


def continue_run(
    run: str,
    settings: list[str] | None = None,
    name: str | None = None,
    stopper: Stopper | None = None,
    on_open: Callable[[FlowFollower, bool], None] | None = None,
) -> RunResult:
    """Take a run further: a child run from its last state, with changed settings (`train.steps=+500` adds).

    `run:step` (a number, `latest`, `best`) branches: the child starts from the state or checkpoint of that step.
    """
    with Workshop() as workshop:
        reference, _, step = run.partition(":")
        parent = resolve_run(workshop.store, reference)
        machine = _machine(workshop)
        folder, is_resumed = open_continued(
            workshop, machine, parent, settings or [], name, step or None
        )
        return _drive(workshop, folder, machine, stopper, on_open, is_resumed)


def watch(run: str) -> FlowFollower:
    """A follower of a run, yours or another process's: call `poll()` and read `state` and `nodes`."""
    with Workshop() as workshop:
        return FlowFollower(workshop.store, resolve_run(workshop.store, run))


def ls(what: str = "runs", project: str | None = None) -> list[dict[str, Any]]:
    """`recipes`, `runs` (newest first), `items` or `stages`, one plain dictionary each."""
    with Workshop() as workshop:
        match what:
            case "recipes":
                return list_recipes()
            case "runs":
                return list_runs(workshop, project)
            case "items":
                return list_items(workshop, project)
            case "stages":
                return list_stages(workshop)
    raise NotFound(
        "unknown-list", f"There is no list of {what!r}.", "Lists: recipes, runs, items, stages."
    )


def show(ref: str) -> dict[str, Any]:
    """One run, item, artifact, recipe or stage in full, as a plain dictionary with a `type`."""
    with Workshop() as workshop:
        return show_reference(workshop, ref)


def load(ref: str, project: str = DEFAULT_PROJECT) -> Model:
    """A model by reference, loaded in a process of its own on first use; close it, or use it in a `with`."""
    return load_model(Workshop(), ref, project)


def estimate(recipe: str, settings: list[str] | None = None) -> dict[str, Any]:
    """Before a run: parameters, FLOPs, memory split and time; a time not known yet is None."""
    with Workshop() as workshop:
        chosen = apply_settings(load_recipe(recipe), settings or [])
        return estimate_recipe(workshop, chosen, workshop.machine())


def doctor(store: bool = False) -> DoctorReport:
    """Measure this machine and keep the figures; with `store`, read every byte of the store and explain damage."""
    with Workshop() as workshop:
        return check_machine(workshop, store)


def gc(is_dry_run: bool = False, spared_s: float = SPARED_S) -> GcReport:
    """Remove artifacts that nothing uses and leftovers of dead writers, sparing what is younger than a day."""
    with Workshop() as workshop:
        return collect_garbage(workshop.store, is_dry_run, spared_s)


def _machine(workshop: Workshop) -> MachineSpec:
    """What is known of this machine; measured once, before the first run."""
    return workshop.machine() or workshop.measure_machine()


def _flow_run(workshop: Workshop, run: RunFolder) -> RunFolder:
    """The flow run that a stage run belongs to; a flow run is its own."""
    parent = run.spec().flow_run
    return workshop.store.runs.get(parent) if parent else run


def _drive(
    workshop: Workshop,
    folder: RunFolder,
    machine: MachineSpec,
    stopper: Stopper | None,
    on_open: Callable[[FlowFollower, bool], None] | None,
    is_resumed: bool,
) -> RunResult:
    if on_open is not None:
        on_open(FlowFollower(workshop.store, folder), is_resumed)
    link = find_server(workshop.settings)
    if link is not None:
        state = drive_by_server(workshop, link, folder, stopper or Stopper())
    else:
        state = drive(workshop, folder, machine, stopper or Stopper())
    return RunResult(folder.id, state, state.outputs, is_resumed)
