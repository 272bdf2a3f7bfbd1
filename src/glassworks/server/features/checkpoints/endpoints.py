"""`/api/runs/{run}/checkpoints`: what a run has saved. A kept one has a name, and no policy takes it away."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from glassworks.engine import checkpoints as engine
from glassworks.server.features.checkpoints.schemas import (
    CheckList,
    CheckpointList,
    KeepAsk,
    KeptView,
)
from glassworks.server.http.context import Context, ContextDep
from glassworks.server.jobs.index import index_items

router = APIRouter(prefix="/runs/{run}/checkpoints")
StepPath = Annotated[int, Path(ge=0, description="A step that was saved.", examples=[600])]
StepsQuery = Annotated[
    list[int], Query(description="Which to read.", max_length=200, examples=[[600]])
]


@router.get("", summary="List the checkpoints of a run")
def read_checkpoints(run: str, context: ContextDep) -> CheckpointList:
    """Those of a training run, or of the training of a flow run; none before the first is saved."""
    store = context.workshop.store
    return CheckpointList(items=tuple(engine.list_checkpoints(store, store.runs.get(run))))


@router.get("/check", summary="Read checkpoints again")
def check_checkpoints(run: str, context: ContextDep, steps: StepsQuery) -> CheckList:
    """Read every byte again and compare it with what was saved. Changes nothing; takes about two seconds a gigabyte."""
    store = context.workshop.store
    return CheckList(items=tuple(engine.check_checkpoints(store, store.runs.get(run), list(steps))))


@router.put("/{step}/name", summary="Keep a checkpoint")
def keep_checkpoint(run: str, step: StepPath, body: KeepAsk, context: ContextDep) -> KeptView:
    """Give it a name: a model that can be used like any other and that no keep-policy removes."""
    store = context.workshop.store
    name = engine.keep_checkpoint(store, store.runs.get(run), step, body.name)
    _index(context)
    return KeptView(step=step, names=(name,))


@router.delete("/{step}/name", summary="Let a kept checkpoint go")
def release_checkpoint(run: str, step: StepPath, context: ContextDep) -> KeptView:
    """Take the name away; the checkpoint itself stays until the run's keep-policy or `gc` takes it."""
    store = context.workshop.store
    names = engine.release_checkpoint(store, store.runs.get(run), step)
    _index(context)
    return KeptView(step=step, names=tuple(names))


def _index(context: Context) -> None:
    with context.database.transaction() as session:
        index_items(session, context.workshop.store)
