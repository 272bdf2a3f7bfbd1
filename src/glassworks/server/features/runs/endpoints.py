"""Runs: order, list, look, follow up, stop, go on, rename, delete. Commands go down; what they change comes up as events."""

import itertools
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.features.runs import evaluated, examples, reading, service
from glassworks.server.features.runs.batch_schemas import BatchView
from glassworks.server.features.runs.bundle import stream_bundle
from glassworks.server.features.runs.evaluation_schemas import EvaluationView
from glassworks.server.features.runs.logs import read_logs
from glassworks.server.features.runs.repository import count_by_status, list_runs
from glassworks.server.features.runs.schemas import (
    EventsView,
    LogPage,
    MetricsView,
    RunBranch,
    RunContinue,
    RunCreate,
    RunDetail,
    RunOrdered,
    RunUpdate,
)
from glassworks.server.features.runs.series import as_series, rows_at, rows_between
from glassworks.server.http.conditions import IfMatch, check_match
from glassworks.server.http.context import ContextDep, ProjectQuery, SessionDep
from glassworks.server.http.once import KeyHeader, once
from glassworks.server.http.paging import AfterQuery, LimitQuery, Page
from glassworks.server.http.staging import staged_upload
from glassworks.server.jobs.proof import ProofView, read_proofs
from glassworks.server.live.views import RunView, run_etag

router = APIRouter(prefix="/runs")
NamesQuery = Annotated[list[str] | None, Query(description="Only these.", examples=[["loss"]])]
StepQuery = Annotated[
    int | None, Query(ge=0, description="Only from, or up to, this step.", examples=[100])
]
StepsQuery = Annotated[
    list[int] | None,
    Query(description="Only these steps.", max_length=200, examples=[[100, 200]]),
]
WithoutQuery = Annotated[
    list[str] | None,
    Query(description="Types of events to leave out.", examples=[["run.progress"]]),
]
LastQuery = Annotated[
    int | None, Query(ge=1, le=100_000, description="Only so many, the newest.", examples=[200])
]
WidthQuery = Annotated[int, Query(ge=1, le=10_000, description="Points at most.", examples=[800])]
StatusQuery = Annotated[list[str] | None, Query(description="Only these.", examples=[["done"]])]
WordsQuery = Annotated[str, Query(max_length=200, description="Words to find.", examples=["small"])]
LevelQuery = Annotated[str | None, Query(description="This level or above.", examples=["warning"])]
StepPath = Annotated[int, Path(ge=1, description="A step, counted from 1.", examples=[437])]
RowQuery = Annotated[int, Query(ge=0, description="First row of the batch.", examples=[0])]
RowsQuery = Annotated[int, Query(ge=1, le=64, description="How many rows.", examples=[4])]
RankQuery = Annotated[
    int, Query(ge=0, description="Which process of a training on several.", examples=[0])
]


@router.get("", summary="List runs")
def read_runs(
    session: SessionDep,
    project: ProjectQuery = DEFAULT_PROJECT,
    status: StatusQuery = None,
    query: WordsQuery = "",
    limit: LimitQuery = 50,
    after: AfterQuery = None,
) -> Page[RunView]:
    """Flow runs of a project, newest first."""
    return list_runs(session, project, tuple(status or ()), query, limit, after)


@router.get(
    "/counts",
    summary="Count runs by status",
    responses={200: {"content": {"application/json": {"example": examples.COUNTS}}}},
)
def read_counts(session: SessionDep, project: ProjectQuery = DEFAULT_PROJECT) -> dict[str, int]:
    """How many runs of a project are in which status."""
    return count_by_status(session, project)


@router.post("", status_code=201, summary="Build what a recipe describes")
def create_run(body: RunCreate, context: ContextDep, key: KeyHeader = None) -> RunOrdered:
    """Plan a recipe and put it in the queue; an unfinished run of the same plan is gone on with."""

    def create() -> RunOrdered:
        staged = staged_upload(context, body.upload) if body.upload else None
        recipe = service.chosen_recipe(body, staged)
        run, is_resumed = context.jobs.create(
            recipe, body.name, body.project, body.is_fresh, body.minutes
        )
        return RunOrdered(run=_view(context, run.id), is_resumed=is_resumed)

    return once(context, key, body, RunOrdered, create)


@router.get("/{run}", summary="Look at a run")
def read_run(run: str, context: ContextDep) -> RunDetail:
    """Everything about a run, with the cursors from which its live stream goes on."""
    return service.run_detail(context, service.find_flow(context, run))


@router.patch("/{run}", summary="Rename a run")
def update_run(run: str, body: RunUpdate, context: ContextDep, if_match: IfMatch = None) -> RunView:
    """Another name for a run; its model keeps its own."""
    flow = service.find_flow(context, run)
    now = flow.run.state().name  # from the folder: what the hub shows may be a moment old
    check_match(if_match, run_etag(flow.spec.id, now))
    context.jobs.rename(flow.run, body.name)
    etag = run_etag(flow.spec.id, body.name)
    return _view(context, flow.spec.id).model_copy(update={"name": body.name, "etag": etag})


@router.delete("/{run}", status_code=204, summary="Delete a run")
def delete_run(run: str, context: ContextDep) -> None:
    """Remove a run's folder; models and other items stay. Not while it runs."""
    context.jobs.delete(context.workshop.store.runs.get(run))


@router.post("/{run}/pause", status_code=202, summary="Save and stop")
def pause_run(run: str, context: ContextDep) -> RunView:
    """Save the state, then stop; `resume` goes on from there."""
    context.jobs.pause(context.workshop.store.runs.get(run))
    return _view(context, run)


@router.post("/{run}/cancel", status_code=202, summary="Stop at once")
def cancel_run(run: str, context: ContextDep) -> RunView:
    """Stop without saving; what was saved before stays."""
    context.jobs.cancel(context.workshop.store.runs.get(run))
    return _view(context, run)


@router.post("/{run}/resume", status_code=202, summary="Go on")
def resume_run(run: str, context: ContextDep) -> RunView:
    """Go on from the newest sound state."""
    context.jobs.resume(context.workshop.store.runs.get(run))
    return _view(context, run)


@router.post("/{run}/prove", status_code=202, summary="Prove that it resumes")
def prove_run(run: str, context: ContextDep) -> RunView:
    """Kill the worker on purpose some steps after its next saved state; it is resumed by itself."""
    context.jobs.prove(context.workshop.store.runs.get(run))
    return _view(context, run)


@router.post("/{run}/continue", status_code=201, summary="Take a run further")
def continue_run(
    run: str, body: RunContinue, context: ContextDep, key: KeyHeader = None
) -> RunOrdered:
    """A child run from the last state, with changed settings; `train.steps=+500` adds."""

    def create() -> RunOrdered:
        parent = context.workshop.store.runs.get(run)
        child = context.jobs.continue_run(parent, list(body.settings), body.name)
        return RunOrdered(run=_view(context, child.id))

    return once(context, key, body, RunOrdered, create)


@router.post("/{run}/branch", status_code=201, summary="Branch a run off")
def branch_run(run: str, body: RunBranch, context: ContextDep, key: KeyHeader = None) -> RunOrdered:
    """A child run from a state or checkpoint at any step, with changed settings; the run itself goes on as it was."""

    def create() -> RunOrdered:
        parent = context.workshop.store.runs.get(run)
        child = context.jobs.branch(parent, body.step, list(body.settings), body.name)
        return RunOrdered(run=_view(context, child.id))

    return once(context, key, body, RunOrdered, create)


@router.get("/{run}/metrics", summary="Read a run's curves")
def read_metrics(
    run: str,
    context: ContextDep,
    names: NamesQuery = None,
    step: StepsQuery = None,
    from_step: StepQuery = None,
    to_step: StepQuery = None,
    width: WidthQuery = 1000,
) -> MetricsView:
    """Step rows as series of at most `width` points, with the range of what was put together; single steps as measured."""
    follower = service.find_feed(context, run).follower
    kept, cursor = follower.kept, follower.metrics_cursor  # a new attempt puts another list there
    rows = rows_between(kept, from_step, to_step) if step is None else rows_at(kept, step)
    return as_series(rows, cursor, tuple(names or ()), width)


@router.get("/{run}/steps/{step}/batch", summary="See what a training read at a step")
def read_step(
    run: str,
    step: StepPath,
    context: ContextDep,
    row: RowQuery = 0,
    rows: RowsQuery = 4,
    rank: RankQuery = 0,
) -> BatchView:
    """The very tokens and documents of that batch, with the loss of each token under the newest weights saved before the step."""
    return reading.batch(context, run, step, row, rows, rank)


@router.get("/{run}/evaluations", summary="See what a run measured at its end")
def read_evaluations(run: str, context: ContextDep) -> list[EvaluationView]:
    """The loss on text that the model never read, beside yardsticks, and the share of questions that it answered rightly."""
    return evaluated.evaluations(context.workshop.store, service.find_flow(context, run).run)


@router.get("/{run}/events", summary="Read a run's events")
def read_events(
    run: str, context: ContextDep, without: WithoutQuery = None, last: LastQuery = None
) -> EventsView:
    """All events in the order that a fold wants, or the newest of them."""
    feed = service.find_feed(context, run)
    newest_first = (stamped.event for stamped in reversed(feed.events))
    wanted = (event for event in newest_first if event.type not in (without or ()))
    events = tuple(itertools.islice(wanted, last))[::-1]
    return EventsView(cursor=feed.follower.cursor, events=events)


@router.get("/{run}/logs", summary="Read a run's logs")
def read_log(
    run: str,
    context: ContextDep,
    level: LevelQuery = None,
    query: WordsQuery = "",
    limit: LimitQuery = 100,
    after: AfterQuery = None,
) -> LogPage:
    """What the workers wrote, newest first."""
    flow = service.find_flow(context, run)
    return read_logs(service.folders_of(flow), level, query, limit, after)


@router.get("/{run}/proof", summary="Compare a run with its resumes")
def read_proof(run: str, context: ContextDep) -> list[ProofView]:
    """For each resume: the steps that two attempts both did, and the largest difference of their losses."""
    flow = service.find_flow(context, run)
    return [proof for folder in service.folders_of(flow) for proof in read_proofs(folder)]


@router.get("/{run}/export", summary="Download a run", response_class=StreamingResponse)
def export_run(run: str, context: ContextDep) -> StreamingResponse:
    """The run's folder and those of its stages as a zip, without weights."""
    flow = service.find_flow(context, run)
    name = f"{flow.spec.name.replace('/', '-')}-{flow.spec.id}.zip"
    return StreamingResponse(
        stream_bundle(service.folders_of(flow)),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _view(context: ContextDep, run: str) -> RunView:
    return context.hub.view(service.find_flow(context, run))
