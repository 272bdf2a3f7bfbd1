"""What can write, as the index and the followed runs know it."""

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from glassworks.common.errors import GlassworksError
from glassworks.server.db.tables import RunRow, VersionRow
from glassworks.server.features.playground.schemas import ModelView
from glassworks.server.http.context import Context
from glassworks.specs.run import RunState
from glassworks.storage.store import Store

MAX_RUNS = 50
UNFINISHED = ("queued", "running", "stopping")


def list_models(context: Context, session: Session, project: str) -> tuple[ModelView, ...]:
    """Live ones, then versions, then the checkpoints of the newest runs; what is no longer in the store is left out."""
    runs = session.scalars(
        select(RunRow)
        .where(RunRow.kind == "flow", RunRow.project == project)
        .order_by(RunRow.created_at.desc())
        .limit(MAX_RUNS)
    ).all()
    saved = [(row, _states(context, row)) for row in runs]
    live = [_live(row, states) for row, states in saved if row.status in UNFINISHED]
    checkpoints = [view for row, states in saved for view in _checkpoints(row, states)]
    found = [*(one for one in live if one), *_versions(session, project), *checkpoints]
    has = context.workshop.store.artifacts.has
    return tuple(one for one in found if has(one.checkpoint))


def _states(context: Context, row: RunRow) -> tuple[RunState, ...]:
    """The states of a run's stages that saved checkpoints."""
    if row.status in UNFINISHED:
        flow = context.hub.flow(row.id)
        states = tuple(feed.follower.state for feed in flow.children.values())
        return tuple(state for state in states if state.checkpoints)
    return _ended_states(context.workshop.store, row.id, row.mark)


@lru_cache(maxsize=4 * MAX_RUNS)
def _ended_states(store: Store, run: str, mark: str) -> tuple[RunState, ...]:
    """Of a run that is over; read again when its `mark` says that it has changed."""
    try:
        nodes = store.runs.get(run).state().nodes.values()
        states = [store.runs.get(decision.run).state() for decision in nodes]
    except GlassworksError:
        return ()
    return tuple(state for state in states if state.checkpoints)


def _live(row: RunRow, states: tuple[RunState, ...]) -> ModelView | None:
    """The newest checkpoint of a run that is not over, under a reference that moves on with it."""
    views = _checkpoints(row, states)
    if not views:
        return None
    label = f"{row.name}, still training"
    return views[0].model_copy(update={"ref": f"{row.id}:latest", "label": label, "is_live": True})


def _checkpoints(row: RunRow, states: tuple[RunState, ...]) -> list[ModelView]:
    """Each saved step of a run, the newest first."""
    found = []
    for state in states:
        measured = {one.step: one.values for one in state.evaluations}
        for saved in reversed(state.checkpoints):
            values = measured.get(saved.step, {})
            found.append(
                ModelView(
                    ref=f"{row.id}:{saved.step}",
                    label=f"{row.name}, step {saved.step:,}",
                    kind="checkpoint",
                    run=row.id,
                    step=saved.step,
                    status=row.status,
                    checkpoint=saved.artifact,
                    validation_loss=values.get("validation_loss"),
                    bits_per_byte=values.get("bits_per_byte"),
                    created_at=saved.time,
                )
            )
    return found


def _versions(session: Session, project: str) -> list[ModelView]:
    """Every version of every model, the newest first, with what was measured at the end of its run."""
    rows = session.execute(
        select(VersionRow, RunRow)
        .join(RunRow, RunRow.id == VersionRow.run, isouter=True)
        .where(VersionRow.kind == "model", VersionRow.project == project)
        .order_by(VersionRow.created_at.desc())
    ).all()
    return [_version(version, run) for version, run in rows]


def _version(version: VersionRow, run: RunRow | None) -> ModelView:
    view = run.view if run is not None else {}
    return ModelView(
        ref=f"model/{version.name}@{version.number}",
        label=f"{version.name}@{version.number}",
        kind="version",
        run=version.run,
        step=view.get("step"),
        status=run.status if run is not None else None,
        checkpoint=version.artifact,
        validation_loss=view.get("validation_loss"),
        bits_per_byte=view.get("bits_per_byte"),
        created_at=version.created_at,
    )
