"""`drive(flow)`: for each node compute the key, look in the store, else start an attempt, follow it, record.

The same function runs a new flow, resumes a stopped one and adopts one whose driver died: what is done is found by its
key, what is open is gone on with. State lies in the run folders only.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from glassworks.common.clock import utc_now
from glassworks.common.errors import BadData, Conflict, DiskFull, GlassworksError, InvalidSpec
from glassworks.common.ids import new_run_id
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.attempt import (
    STATE_OF_PARENT,
    Stopper,
    busy,
    complete_ledger,
    environment_of,
    run_attempt,
)
from glassworks.engine.course import Course
from glassworks.engine.prediction import record_prediction
from glassworks.engine.workshop import Workshop
from glassworks.flow.keys import flow_key, node_key, why_new
from glassworks.specs.events import ErrorSpec, NodeDecided, RunDone, RunFailed, RunStopped
from glassworks.specs.flow import NodeAction, PlannedNode, PlanSpec
from glassworks.specs.item import KIND_OF_ARTIFACT
from glassworks.specs.machine import MachineSpec
from glassworks.specs.run import DoneSpec, RunSpec, RunState
from glassworks.storage.atomic import publish_folder, remove_folder
from glassworks.storage.locks import exclusive, is_held
from glassworks.storage.runs import RunFolder, now_done

WAIT_S = 0.2


@dataclass(frozen=True)
class Decision:
    """What happens to a node: which run answers it, and why."""

    action: NodeAction
    run: RunFolder
    key: str
    reason: str
    changes: tuple[str, ...] = ()


def open_flow_run(
    workshop: Workshop,
    plan: PlanSpec,
    machine: MachineSpec,
    project: str = DEFAULT_PROJECT,
    continues: str | None = None,
    continues_at: int | None = None,
    minutes: float | None = None,
) -> tuple[RunFolder, bool]:
    """The unfinished run of the same plan if there is one (and True), else a new run (and False)."""
    key = flow_key(plan)
    if not plan.is_fresh:
        for run in workshop.store.runs.with_key(key):
            done, damage = _result(workshop, run)
            if done is None and not damage and run.spec().project == project:
                return run, True
    spec = RunSpec(
        id=new_run_id(),
        kind="flow",
        name=plan.output_name,
        project=project,
        created_at=utc_now(),
        key=key,
        plan=plan,
        continues=continues,
        continues_at=continues_at,
        environment=environment_of(machine),
        minutes=minutes,
    )
    return workshop.store.runs.create(spec), False


def drive(workshop: Workshop, run: RunFolder, machine: MachineSpec, stopper: Stopper) -> RunState:
    """Bring a flow run as far as it goes: done, stopped or failed.

    Raises Conflict when someone else drives it, and whatever keeps a worker from being started; the ledger says why.
    Raises SupervisorLeft after `stopper.leave()`: what runs goes on, and the next call adopts it.
    """
    with workshop.store.in_use(), exclusive(run.lock_file, busy(run)):
        run.lock_file.write_text(str(os.getpid()))
        if run.done() is None:
            try:
                _drive_nodes(workshop, run, machine, stopper)
            except GlassworksError as error:
                record_failure(run, error)
                raise
        complete_ledger(run)
        return run.state()


def _drive_nodes(
    workshop: Workshop, run: RunFolder, machine: MachineSpec, stopper: Stopper
) -> None:
    spec = run.spec()
    assert spec.plan is not None
    course = Course(workshop.store, run, spec.plan)
    outputs: dict[tuple[str, str], str] = {}
    for planned in spec.plan.nodes:
        stopper.check_left()
        if stopper.how is not None:
            run.record(RunStopped())
            return
        if course.leaves_out(planned):
            continue
        node = course.bound(planned)
        decision = _decide(workshop, run, node, _input_ids(node, outputs), machine)
        run.record(_decided(node, decision))
        is_known_done = decision.run.state().status == "done"
        ending = None if is_known_done else _drive_stage(workshop, run, decision, machine, stopper)
        if isinstance(ending, RunFailed) and course.goes_on_without(node, ending.error):
            continue
        if ending is not None:
            run.record(ending)
            return
        done = decision.run.done()
        assert done is not None
        outputs |= {(node.name, name): artifact for name, artifact in done.outputs.items()}
    _finish(workshop, run, course, outputs)


def _decide(
    workshop: Workshop,
    flow_run: RunFolder,
    node: PlannedNode,
    inputs: dict[str, str],
    machine: MachineSpec,
) -> Decision:
    key = node_key(node, inputs)
    spec = flow_run.spec()
    assert spec.plan is not None
    mine = flow_run.state().nodes.get(node.name)
    known = list(workshop.store.runs.with_key(key))
    if spec.plan.is_fresh:  # only what this very flow run began counts
        known = [run for run in known if mine is not None and run.id == mine.run]
    results = [(run, *_result(workshop, run)) for run in known]
    for run, done, damage in results:
        if done is not None and not damage:
            return Decision("reuse", run, key, f"nothing it depends on changed since run {run.id}")
    for run, done, damage in results:
        if done is None and not damage:
            return Decision("resume", run, key, f"run {run.id} of the same key was not finished")
    damage = next((damage for _, _, damage in results), "")
    before = _run_before(workshop, flow_run, node.name)
    changes = why_new(node, inputs, before)
    reason = _reason(spec.plan, before, changes, damage)
    run = _create(workshop, flow_run, node, inputs, key, machine)
    return Decision("run", run, key, reason, changes)


def _result(workshop: Workshop, run: RunFolder) -> tuple[DoneSpec | None, str]:
    """What a run made (None: it is not done), and what is wrong with that at a glance, in words."""
    try:
        done = run.done()
    except BadData as error:
        return None, error.message
    made = done.outputs.values() if done else ()
    return done, next(filter(None, map(workshop.store.artifacts.quick_damage, made)), "")


def _reason(plan: PlanSpec, before: RunSpec | None, changes: tuple[str, ...], damage: str) -> str:
    if plan.is_fresh:
        return "asked for"
    if damage:
        return f"its result cannot be used: {damage}"
    if before is None:
        return "never run"
    return "; ".join(changes) or "its result is no longer in the store"


def _run_before(workshop: Workshop, flow_run: RunFolder, node: str) -> RunSpec | None:
    """The last run of the node of this name in an earlier run of the recipe of this name."""
    plan = flow_run.spec().plan
    for other in _earlier_flows(workshop, flow_run):
        their_plan = other.spec().plan
        if plan is None or their_plan is None or their_plan.recipe.name != plan.recipe.name:
            continue
        decision = other.state().nodes.get(node)
        if decision is not None:
            try:
                return workshop.store.runs.get(decision.run).spec()
            except GlassworksError:
                continue
    return None


def _earlier_flows(workshop: Workshop, flow_run: RunFolder) -> Iterator[RunFolder]:
    for other in workshop.store.runs.all():
        if other.id != flow_run.id and other.spec().kind == "flow":
            yield other


def _create(
    workshop: Workshop,
    flow_run: RunFolder,
    node: PlannedNode,
    inputs: dict[str, str],
    key: str,
    machine: MachineSpec,
) -> RunFolder:
    parent = flow_run.spec()
    continued, _, step = (node.starts_from or "").partition(":")
    spec = RunSpec(
        id=new_run_id(),
        kind="stage",
        name=f"{parent.name}/{node.name}",
        project=parent.project,
        created_at=utc_now(),
        key=key,
        node=node,
        inputs=inputs,
        flow_run=flow_run.id,
        continues=continued or None,
        continues_at=int(step) if step else None,
        environment=environment_of(machine),
    )
    return workshop.store.runs.create(spec)


def state_folder(run: RunFolder, step: int) -> Path | None:
    """The folder of a run's state at `step`, the latest attempt's first; nothing is verified."""
    found = [attempt.state_dir / f"step-{step}" for attempt in run.attempts()]
    return next((folder for folder in reversed(found) if folder.exists()), None)


def held_name(starts_from: str) -> str:
    """Name of the folder that holds a state for a run to come."""
    return starts_from.replace(":", "-")


def inherit_state(
    workshop: Workshop, run: RunFolder, starts_from: str, flow_run: RunFolder | None = None
) -> None:
    """Hard-link the parent's state `run:step` into this run, so that it stays whatever happens to the parent.

    Taken from what `flow_run` holds, else from the parent. Whole or not at all; does nothing when it was done before.
    Raises Conflict when there is no such state any more.
    """
    final = run.attempt(STATE_OF_PARENT)
    if final.path.exists():
        return
    parent_id, _, step = starts_from.partition(":")
    held = None if flow_run is None else flow_run.held_dir / held_name(starts_from)
    is_held_here = held is not None and held.exists()
    source = held if is_held_here else state_folder(workshop.store.runs.get(parent_id), int(step))
    if source is None:
        raise Conflict(
            "no-state",
            f"Run {parent_id} no longer has its state at step {step}.",
            "Continue a run that still has one, or start anew.",
        )
    temporary = final.path.with_name(f".{STATE_OF_PARENT}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    state = temporary / final.state_dir.name / f"step-{step}"
    shutil.copytree(source, state, copy_function=os.link)
    publish_folder(temporary, final.path)
    if held is not None and is_held_here:
        remove_folder(held)


def _drive_stage(
    workshop: Workshop,
    flow_run: RunFolder,
    decision: Decision,
    machine: MachineSpec,
    stopper: Stopper,
) -> RunStopped | RunFailed | None:
    """Drive one stage run; None when it is done, else how its flow ends."""
    run = decision.run
    _await_turn(run, stopper)
    if stopper.how is not None and is_held(run.lock_file):
        return RunStopped()
    with exclusive(run.lock_file, busy(run)):
        if run.done() is None:
            node = run.spec().node
            if node is not None and node.starts_from:
                inherit_state(workshop, run, node.starts_from, flow_run)
            record_prediction(workshop, run, machine)
            run_attempt(workshop, run, machine, stopper)
        complete_ledger(run)
    state = run.state()
    if run.done() is not None:
        return None
    if state.status == "failed" and state.error is not None:
        return RunFailed(error=state.error)
    return RunStopped()


def _await_turn(run: RunFolder, stopper: Stopper) -> None:
    """Another flow may be making this very result now: wait for it, and go on with it if that flow stops half-way."""
    while stopper.how is None and is_held(run.lock_file):
        stopper.check_left()
        time.sleep(WAIT_S)


def _finish(
    workshop: Workshop, run: RunFolder, course: Course, outputs: dict[tuple[str, str], str]
) -> None:
    """Name the main output, then complete the run."""
    spec, plan = run.spec(), course.plan
    node, output = course.output()
    artifact = _made(outputs, node, output, "output")
    kind = KIND_OF_ARTIFACT.get(workshop.store.artifacts.manifest(artifact).kind)
    if kind is not None:
        maker = run.state().nodes[node].run
        workshop.store.items.add_version(kind, plan.output_name, artifact, maker, spec.project)
    named = {f"{node}.{output}": artifact for (node, output), artifact in outputs.items()}
    run.finish(now_done(named, {}))
    run.record(RunDone(outputs=named))


def _input_ids(node: PlannedNode, outputs: dict[tuple[str, str], str]) -> dict[str, str]:
    return {
        port: source.artifact
        or _made(outputs, source.node or "", source.output or "", f"{node.name}.{port}")
        for port, source in node.inputs.items()
    }


def _made(outputs: dict[tuple[str, str], str], node: str, output: str, where: str) -> str:
    """The artifact of an output. Raises InvalidSpec for an optional one that its stage was not asked for."""
    if (node, output) not in outputs:
        raise InvalidSpec(
            "output-not-made",
            f"{where} takes {node}.{output}, which was not made: the stage makes it only where it is asked for.",
            f"Set what {node} needs to make {output!r}, or take the connection away.",
            where,
        )
    return outputs[node, output]


def _decided(node: PlannedNode, decision: Decision) -> NodeDecided:
    return NodeDecided(
        node=node.name,
        action=decision.action,
        key=decision.key,
        run=decision.run.id,
        reason=decision.reason,
        changes=decision.changes,
    )


def record_failure(run: RunFolder, error: GlassworksError) -> None:
    """Write down why a run could not be driven further, where there is room for it."""
    with contextlib.suppress(DiskFull):
        run.record(RunFailed(error=ErrorSpec.model_validate(error.to_dict())))
