"""What a screen shows of a run, in one piece: pure functions from followed folders to views.

In: a flow run's follower and those of its children. Out: `RunView` (a line in a list) with `NodeProgress` for each node.
The same view is shown, sent, and kept in the index.
"""

from itertools import pairwise
from typing import Any

from pydantic import ConfigDict

from glassworks.common.hashing import hash_json
from glassworks.engine.sweep_table import summary_of, table_of
from glassworks.engine.time_left import phase_left_s, run_left_s
from glassworks.specs.base import Spec
from glassworks.specs.events import ErrorSpec, NodeDecided, RunProgress
from glassworks.specs.flow import PlannedNode
from glassworks.specs.run import RunSpec, RunState, WorkSpan
from glassworks.specs.sweep import SweepSummary
from glassworks.storage.follow import RunFollower

SPARKLINE_POINTS = 48
ROWS_A_POINT = 32
"""A point is the mean of at most about so many rows of its stretch, evenly chosen: a list is shown twice a second."""


class Place(Spec):
    """What the queue knows of a run. `position` 0 goes next; None: it is being driven."""

    position: int | None
    is_proof: bool = False


class NodeProgress(Spec):
    """A node as a list shows it. `status`: `waiting`, `reused`, or its run's own."""

    name: str
    stage: str
    status: str
    run: str | None = None
    action: str | None = None


EXAMPLE: dict[str, Any] = {
    "id": "r4k7m2p9xq",
    "kind": "flow",
    "name": "first-model",
    "project": "default",
    "recipe": "first-model",
    "title": "Your first model",
    "status": "running",
    "created_at": "2026-03-01T12:00:00.000000Z",
    "started_at": "2026-03-01T12:00:01.000000Z",
    "left_s": 41.5,
    "node": "train",
    "nodes": [
        {
            "name": "train",
            "stage": "train_model",
            "status": "running",
            "run": "r2ab3cd4ef",
            "action": "run",
        }
    ],
    "step": 400,
    "steps": 1200,
    "loss": 3.412,
    "validation_loss": 3.587,
    "bits_per_byte": 2.218,
    "sparkline": [7.62, 5.1, 3.9, 3.41],
    "changes": ["train.steps 1200 → 400"],
    "etag": "6b1f0c936a2d41e7",
}


class RunView(Spec):
    """A run as a list shows it. Times are UTC, `duration_s` the seconds at work of one that has ended, `left_s` seconds; `loss` in nats per token."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: str
    kind: str
    name: str
    project: str
    recipe: str | None = None
    title: str | None = None
    status: str
    created_at: str
    started_at: str | None = None
    ended_at: str | None = None
    duration_s: float | None = None
    work: tuple[WorkSpan, ...] = ()
    progress: RunProgress | None = None
    left_s: float | None = None
    node: str | None = None
    nodes: tuple[NodeProgress, ...] = ()
    queue_position: int | None = None
    is_proving: bool = False
    step: int | None = None
    steps: int | None = None
    loss: float | None = None
    validation_loss: float | None = None
    bits_per_byte: float | None = None
    sparkline: tuple[float, ...] = ()
    error: ErrorSpec | None = None
    continues: str | None = None
    continues_at: int | None = None
    model: str | None = None
    changes: tuple[str, ...] = ()
    num_findings: int = 0
    sweep: SweepSummary | None = None
    etag: str = ""


def run_view(
    spec: RunSpec,
    follower: RunFollower,
    children: dict[str, RunFollower],
    is_driven: bool,
    changes: tuple[str, ...] = (),
    place: Place | None = None,
) -> RunView:
    """One run; `children` are the followed stage runs of a flow by node name, `place` is its place in the queue."""
    state = follower.state
    nodes = node_views(spec, state, children)
    current = _current(nodes, children)
    trained = _trained(follower, children)
    progress = current.state.progress if current else None
    measured = trained.state.evaluations if trained else ()
    values = dict(measured[-1].values) if measured else {}
    rows = trained.kept if trained else []  # a new attempt puts another list in its place
    last = rows[-1].values if rows else {}
    findings = sum(len(one.state.findings) for one in (follower, *children.values()))
    name = state.name or spec.name
    sweep = sweep_summary(spec, state, children)
    values |= best_values(sweep, children)
    return RunView(
        id=spec.id,
        kind=spec.kind,
        name=name,
        project=spec.project,
        recipe=spec.plan.recipe.name if spec.plan else None,
        title=spec.plan.recipe.title if spec.plan else None,
        status=status_of(state, is_driven, place is not None),
        created_at=spec.created_at,
        started_at=state.started_at,
        ended_at=state.ended_at,
        duration_s=state.duration_s,
        work=state.work,
        progress=progress,
        left_s=_left_s(spec, state, children),
        node=next((n for n, one in children.items() if one is current), None),
        nodes=nodes,
        queue_position=place.position if place else None,
        is_proving=place is not None and place.is_proof,
        step=int(last["step"]) if last else None,
        steps=_steps(trained),
        loss=last.get("loss"),
        validation_loss=values.get("validation_loss"),
        bits_per_byte=values.get("bits_per_byte"),
        sparkline=_sparkline(trained),
        error=state.error,
        continues=spec.continues,
        continues_at=spec.continues_at,
        model=f"model/{spec.plan.output_name}" if spec.plan and state.status == "done" else None,
        changes=changes,
        num_findings=findings,
        sweep=sweep,
        etag=run_etag(spec.id, name),
    )


def sweep_summary(
    spec: RunSpec, state: RunState, children: dict[str, RunFollower]
) -> SweepSummary | None:
    """What a list shows of a sweep; None of any other run."""
    sweep = spec.plan.sweep if spec.plan else None
    if sweep is None:
        return None
    states = {name: child.state for name, child in children.items()}
    return summary_of(table_of(spec, sweep, state, states))


def best_values(sweep: SweepSummary | None, children: dict[str, RunFollower]) -> dict[str, float]:
    """A sweep is known by what its best variant measured."""
    if sweep is None or sweep.best_run is None:
        return {}
    best = [child for child in children.values() if child.run.id == sweep.best_run]
    measured = best[0].state.evaluations if best else ()
    return measured[-1].values if measured else {}


def run_etag(run: str, name: str) -> str:
    """Names what a person may change of a run; another name, another tag."""
    return hash_json([run, name])[:16]


def status_of(state: RunState, is_driven: bool, is_queued: bool) -> str:
    """The state's status; `interrupted` when it is to go on, but nobody drives it and nobody will."""
    if state.status in ("queued", "running", "stopping") and not is_driven:
        return "queued" if is_queued else "interrupted"
    return state.status


def node_views(
    spec: RunSpec, state: RunState, children: dict[str, RunFollower]
) -> tuple[NodeProgress, ...]:
    """The nodes of a flow in the order in which they run; a stage run has none."""
    planned = spec.plan.nodes if spec.plan else ()
    found = (
        _node(spec, node, state.nodes.get(node.name), children.get(node.name)) for node in planned
    )
    if state.status != "done":
        return tuple(found)
    return tuple(_given_up(node) if node.status == "waiting" else node for node in found)


def _given_up(node: NodeProgress) -> NodeProgress:
    """A sweep that is done has left out what only its losers needed."""
    return node.model_copy(update={"status": "dropped"})


def _node(
    spec: RunSpec, node: PlannedNode, decision: NodeDecided | None, child: RunFollower | None
) -> NodeProgress:
    """A stage that this very flow did before it was interrupted is done, not reused."""
    if decision is None:
        return NodeProgress(name=node.name, stage=node.stage, status="waiting")
    status: str = child.state.status if child else "missing"
    is_own = child is not None and (child.state.created_at or "") >= spec.created_at
    if decision.action == "reuse" and not is_own:
        status = "reused"
    return NodeProgress(
        name=node.name,
        stage=node.stage,
        status=status,
        run=decision.run,
        action=decision.action,
    )


def _left_s(spec: RunSpec, state: RunState, children: dict[str, RunFollower]) -> float | None:
    if not children:
        return phase_left_s(state)
    return run_left_s(spec, {name: child.state for name, child in children.items()})


def _current(
    nodes: tuple[NodeProgress, ...], children: dict[str, RunFollower]
) -> RunFollower | None:
    running = [node for node in nodes if node.status in ("running", "stopping")]
    return children.get(running[-1].name) if running else None


def _trained(follower: RunFollower, children: dict[str, RunFollower]) -> RunFollower | None:
    """The run whose curve is shown: the last child with step rows."""
    with_rows = [one for one in (follower, *children.values()) if one.kept]
    return with_rows[-1] if with_rows else None


def _steps(trained: RunFollower | None) -> int | None:
    node = trained.run.spec().node if trained else None
    steps: Any = node.config.get("steps") if node else None
    return steps if isinstance(steps, int) else None


def _sparkline(trained: RunFollower | None) -> tuple[float, ...]:
    rows = trained.kept if trained else []
    if len(rows) <= SPARKLINE_POINTS:
        return tuple(row.values["loss"] for row in rows if "loss" in row.values)
    edges = [len(rows) * i // SPARKLINE_POINTS for i in range(SPARKLINE_POINTS + 1)]
    stretches = (rows[a : b : max(1, (b - a) // ROWS_A_POINT)] for a, b in pairwise(edges))
    losses = ([row.values["loss"] for row in few if "loss" in row.values] for few in stretches)
    return tuple(round(sum(few) / len(few), 4) for few in losses if few)
