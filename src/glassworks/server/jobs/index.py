"""The index of the store in the database: written when something changes, rebuilt from the folders when asked.

In: run views, run folders, item files. Out: rows. Everything here can be thrown away and made again by `reindex`.
"""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from glassworks.common.clock import utc_now
from glassworks.common.errors import GlassworksError
from glassworks.common.logging import get_logger
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.db.tables import (
    AttemptRow,
    ItemRow,
    JobRow,
    ProjectRow,
    RunRow,
    VersionRow,
)
from glassworks.server.live.flows import follow_flow
from glassworks.server.live.views import RunView
from glassworks.specs.item import ItemSpec
from glassworks.specs.run import RunSpec, RunState
from glassworks.storage.store import Store

log = get_logger("server.index")


@dataclass(frozen=True)
class IndexCounts:
    """What `reindex` found; `unreadable` names what it could not read."""

    runs: int
    items: int
    projects: int
    unreadable: tuple[str, ...] = ()


def index_run(session: Session, spec: RunSpec, state: RunState, view: RunView) -> None:
    """Write or renew a run's row and those of its attempts."""
    add_project(session, spec.project, spec.created_at)
    session.merge(
        RunRow(
            id=spec.id,
            kind=spec.kind,
            name=view.name,
            project=spec.project,
            recipe=view.recipe,
            status=view.status,
            created_at=spec.created_at,
            started_at=view.started_at,
            ended_at=view.ended_at,
            flow_run=spec.flow_run,
            continues=spec.continues,
            view=view.to_json(),
        )
    )
    session.flush()
    for attempt in state.attempts:
        session.merge(
            AttemptRow(
                run=spec.id,
                number=attempt.number,
                started_at=attempt.started_at,
                ended_at=attempt.ended_at,
                from_step=attempt.from_step,
                outcome=attempt.outcome,
            )
        )


def index_items(session: Session, store: Store) -> int:
    """Write all items anew, from their files; returns how many there are."""
    session.execute(delete(ItemRow))
    session.execute(delete(VersionRow))
    items = list(store.items.all())
    for item in items:
        _index_item(session, item)
    return len(items)


def forget_run(session: Session, run: str) -> None:
    """Remove a run from index and queue."""
    session.execute(delete(RunRow).where(RunRow.id == run))
    session.execute(delete(JobRow).where(JobRow.run == run))


def add_project(session: Session, name: str, created_at: str) -> None:
    """The project's row, if there is none yet."""
    if session.get(ProjectRow, name) is None:
        session.add(ProjectRow(name=name, created_at=created_at))
        session.flush()


def reindex(session: Session, store: Store) -> IndexCounts:
    """Rebuild runs, attempts, items, versions and projects from the folders alone; queue and people stay."""
    for table in (AttemptRow, RunRow):
        session.execute(delete(table))
    add_project(session, DEFAULT_PROJECT, utc_now())
    num_runs, unreadable = 0, []
    for folder in sorted(store.runs.all_folders(), key=lambda run: run.id):
        try:
            flow = follow_flow(store, folder)
            index_run(session, flow.spec, flow.feed.follower.state, flow.view())
            num_runs += 1
        except GlassworksError as error:
            unreadable.append(f"run {folder.id}: {error.message}")
    num_items = index_items(session, store)
    num_projects = session.query(ProjectRow).count()
    return IndexCounts(num_runs, num_items, num_projects, tuple(unreadable))


def _index_item(session: Session, item: ItemSpec) -> None:
    add_project(session, item.project, item.versions[0].created_at)
    key = {"project": item.project, "kind": item.kind, "name": item.name}
    session.add(ItemRow(**key, aliases=dict(item.aliases)))
    for version in item.versions:
        session.add(
            VersionRow(
                **key,
                number=version.number,
                artifact=version.artifact,
                run=version.run,
                note=version.note,
                created_at=version.created_at,
            )
        )
