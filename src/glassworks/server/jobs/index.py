"""The index of the store in the database: written when something changes, rebuilt from the folders when asked.

In: run views, run folders, item files. Out: rows. Everything here can be thrown away and made again by `reindex`. A run
that has ended is read again only when its ledger grew, or when this version shows runs in another form: its `mark` says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from glassworks.common.clock import utc_now
from glassworks.common.errors import GlassworksError
from glassworks.common.hashing import hash_json
from glassworks.common.logging import get_logger
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.db.database import Database
from glassworks.server.db.tables import (
    AttemptRow,
    ItemRow,
    JobRow,
    ProjectRow,
    RunRow,
    VersionRow,
)
from glassworks.server.live.flows import FollowedFlow, follow_flow
from glassworks.server.live.views import RunView
from glassworks.specs.item import ItemSpec
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

log = get_logger("server.index")


@dataclass(frozen=True)
class IndexCounts:
    """What `reindex` found; `unreadable` names what it could not read."""

    runs: int
    items: int
    projects: int
    unreadable: tuple[str, ...] = ()


def index_run(session: Session, flow: FollowedFlow, view: RunView) -> None:
    """Write or renew a run's row and those of its attempts."""
    spec = flow.spec
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
            mark=_mark(flow.feed.follower.ledger_bytes),
        )
    )
    session.flush()
    for attempt in flow.feed.follower.state.attempts:
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


def index_items(session: Session, store: Store) -> tuple[int, list[str]]:
    """Write all items anew, from their files; returns how many there are, and what could not be read."""
    session.execute(delete(ItemRow))
    session.execute(delete(VersionRow))
    num_items, unreadable = 0, []
    for path in store.items.files():
        try:
            _index_item(session, store.items.read(path))
            num_items += 1
        except GlassworksError as error:
            unreadable.append(f"item {path.parent.name}/{path.stem}: {error.message}")
    return num_items, unreadable


def forget_run(session: Session, run: str) -> None:
    """Remove a run from index and queue."""
    session.execute(delete(RunRow).where(RunRow.id == run))
    session.execute(delete(JobRow).where(JobRow.run == run))


def add_project(session: Session, name: str, created_at: str) -> None:
    """The project's row, if there is none yet."""
    if session.get(ProjectRow, name) is None:
        session.add(ProjectRow(name=name, created_at=created_at))
        session.flush()


def reindex(database: Database, store: Store) -> IndexCounts:
    """Rebuild runs, attempts, items, versions and projects from the folders alone; queue and people stay."""
    with database.transaction() as session:
        session.execute(update(RunRow).values(mark=""))
    return index_changed(database, store)


def index_changed(
    database: Database, store: Store, tell: Callable[[int], None] = lambda num_runs: None
) -> IndexCounts:
    """Bring the index up to date, reading only runs that have changed since it was written; `tell`s how many those are."""
    with database.transaction() as session:
        add_project(session, DEFAULT_PROJECT, utc_now())
        known = {row.id: row.mark for row in session.scalars(_ended_runs())}
    folders = {folder.id: folder for folder in store.runs.all_folders()}
    changed = {r: f for r, f in sorted(folders.items()) if known.get(r) != _mark(_size(f))}
    tell(len(changed))
    unreadable = []
    for run, folder in changed.items():
        try:
            flow = follow_flow(store, folder)
            with database.transaction() as session:
                index_run(session, flow, flow.view())
        except GlassworksError as error:
            unreadable.append(f"run {run}: {error.message}")
    with database.transaction() as session:
        for gone in set(session.scalars(select(RunRow.id))) - folders.keys():
            forget_run(session, gone)
        num_items, unreadable_items = index_items(session, store)
        num_projects = session.scalar(select(func.count()).select_from(ProjectRow)) or 0
    num_runs = len(folders) - len(unreadable)
    return IndexCounts(num_runs, num_items, num_projects, (*unreadable, *unreadable_items))


def ended_flows(database: Database) -> list[str]:
    """Flow runs that are done, failed or stopped, and indexed so."""
    with database.transaction() as session:
        return [row.id for row in session.scalars(_ended_runs()) if row.kind == "flow"]


def _ended_runs() -> Select[RunRow]:
    return select(RunRow).where(RunRow.status.in_(("done", "failed", "stopped")))


@cache
def _form() -> str:
    """Changes when what is shown of a run does."""
    return hash_json(RunView.model_json_schema())[:12]


def _mark(ledger_bytes: int) -> str:
    return f"{_form()}:{ledger_bytes}"


def _size(folder: RunFolder) -> int:
    try:
        return folder.ledger.path.stat().st_size
    except OSError:
        return -1


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
