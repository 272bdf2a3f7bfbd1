"""What can write, as the index and the followed runs know it."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from glassworks.common.errors import GlassworksError
from glassworks.engine.model import has_chat_template
from glassworks.server.db.tables import RunRow, VersionRow
from glassworks.server.features.playground.schemas import ModelView
from glassworks.server.http.context import Context
from glassworks.specs.events import CheckpointSaved
from glassworks.specs.run import RunState
from glassworks.storage.atomic import read_json
from glassworks.storage.store import Store

MAX_RUNS = 50
UNFINISHED = ("queued", "running", "stopping")


@dataclass(frozen=True)
class _Saved:
    """A run as it stands now, and the states of its stages that saved checkpoints."""

    run: str
    name: str
    status: str
    states: tuple[RunState, ...]


def list_models(context: Context, session: Session, project: str) -> tuple[ModelView, ...]:
    """Live ones, then versions, then the checkpoints of the newest runs; what is no longer in the store is left out."""
    rows = session.scalars(
        select(RunRow)
        .where(RunRow.kind == "flow", RunRow.project == project)
        .order_by(RunRow.created_at.desc())
        .limit(MAX_RUNS)
    ).all()
    runs = [_saved(context, row) for row in rows]
    live = [view for run in runs if run.status in UNFINISHED for view in _live(run)]
    checkpoints = [view for run in runs for view in _checkpoints(run)]
    found = [*live, *_versions(context.workshop.store, session, project), *checkpoints]
    store = context.workshop.store
    return tuple(
        one.model_copy(update={"has_chat_template": _has_template(store, one.checkpoint)})
        for one in found
        if store.artifacts.has(one.checkpoint)
    )


@lru_cache(maxsize=4096)
def _has_template(store: Store, checkpoint: str) -> bool:
    """Whether the tokenizer of a checkpoint knows how a conversation is written; neither of them ever changes."""
    about = read_json(store.artifacts.path(checkpoint) / "checkpoint.json")
    tokenizer = str(about.get("tokenizer", ""))
    return (
        bool(tokenizer) and store.artifacts.has(tokenizer) and has_chat_template(store, tokenizer)
    )


def _saved(context: Context, row: RunRow) -> _Saved:
    """Of a run that the index, which may be a moment behind, takes for unfinished, as it is followed."""
    if row.status not in UNFINISHED:
        states = _ended_states(context.workshop.store, row.id, row.mark)
        return _Saved(row.id, row.name, row.status, states)
    flow = context.hub.flow(row.id)
    followed = tuple(feed.follower.state for feed in tuple(flow.children.values()))
    states = tuple(state for state in followed if state.checkpoints)
    return _Saved(row.id, row.name, context.hub.view(flow).status, states)


@lru_cache(maxsize=4 * MAX_RUNS)
def _ended_states(store: Store, run: str, mark: str) -> tuple[RunState, ...]:
    """Of a run that is over; read again when its `mark` says that it has changed."""
    try:
        nodes = store.runs.get(run).state().nodes.values()
        states = [store.runs.get(decision.run).state() for decision in nodes]
    except GlassworksError:
        return ()
    return tuple(state for state in states if state.checkpoints)


def _live(run: _Saved) -> list[ModelView]:
    """The newest checkpoint of a run that is not over, under a reference that moves on with it."""
    update = {
        "ref": f"{run.run}:latest",
        "label": f"{run.name}, still training",
        "is_live": True,
    }
    return [view.model_copy(update=update) for view in _checkpoints(run)[:1]]


def _checkpoints(run: _Saved) -> list[ModelView]:
    """Each saved step of a run, the newest first."""
    return [
        _checkpoint(run, saved, {one.step: one.values for one in state.evaluations})
        for state in reversed(run.states)
        for saved in reversed(state.checkpoints)
    ]


def _checkpoint(
    run: _Saved, saved: CheckpointSaved, measured: dict[int, dict[str, float]]
) -> ModelView:
    values = measured.get(saved.step, {})
    return ModelView(
        ref=f"{run.run}:{saved.step}",
        label=f"{run.name}, step {saved.step:,}",
        kind="checkpoint",
        run=run.run,
        step=saved.step,
        status=run.status,
        checkpoint=saved.artifact,
        validation_loss=values.get("validation_loss"),
        bits_per_byte=values.get("bits_per_byte"),
        created_at=saved.time,
    )


def _versions(store: Store, session: Session, project: str) -> list[ModelView]:
    """Every version of every model, the newest first, with what was measured at the end of its run."""
    rows = session.scalars(
        select(VersionRow)
        .where(VersionRow.kind == "model", VersionRow.project == project)
        .order_by(VersionRow.created_at.desc())
    ).all()
    found = []
    for row in rows:
        flow = _flow_of(store, row.run) if row.run else None
        found.append(_version(row, session.get(RunRow, flow) if flow else None))
    return found


def _version(version: VersionRow, run: RunRow | None) -> ModelView:
    view = run.view if run is not None else {}
    return ModelView(
        ref=f"model/{version.name}@{version.number}",
        label=f"{version.name}@{version.number}",
        kind="version",
        run=run.id if run is not None else None,
        step=view.get("step"),
        status=run.status if run is not None else None,
        checkpoint=version.artifact,
        validation_loss=view.get("validation_loss"),
        bits_per_byte=view.get("bits_per_byte"),
        created_at=version.created_at,
    )


@lru_cache(maxsize=1024)
def _flow_of(store: Store, run: str) -> str | None:
    """The flow run in which a stage run was started; None when it is gone."""
    try:
        spec = store.runs.get(run).spec()
    except GlassworksError:
        return None
    return spec.flow_run or spec.id
