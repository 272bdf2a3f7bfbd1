"""Projects. One that has runs or items keeps its name: it stands in their folders, which are the truth."""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from glassworks.common.clock import utc_now
from glassworks.common.errors import Conflict, NotFound
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.db.tables import ItemRow, ProjectRow, RunRow
from glassworks.server.features.projects.schemas import ProjectView
from glassworks.server.http.conditions import etag_of
from glassworks.storage.items import check_name


def all_projects(session: Session) -> tuple[ProjectView, ...]:
    """The default project first, the others by name."""
    rows = session.scalars(select(ProjectRow).order_by(ProjectRow.name))
    ordered = sorted(rows, key=lambda row: row.name != DEFAULT_PROJECT)
    return tuple(view(session, row) for row in ordered)


def create(session: Session, name: str) -> ProjectView:
    """Raises InvalidSpec for what cannot be a name, Conflict when it exists."""
    check_name(name)
    _check_free(session, name)
    row = ProjectRow(name=name, created_at=utc_now())
    session.add(row)
    try:
        session.flush()
    except IntegrityError:  # someone else was faster by a moment
        raise _taken(name) from None
    return view(session, row)


def rename(session: Session, row: ProjectRow, name: str) -> ProjectView:
    """Raises InvalidSpec, Conflict when it is not empty or the name is taken."""
    check_name(name)
    if name != row.name:
        _check_empty(session, row, "renamed")
        _check_free(session, name)
        row.name = name
        session.flush()
    return view(session, row)


def delete(session: Session, row: ProjectRow) -> None:
    """Raises Conflict unless it is empty; the default project always stays."""
    _check_empty(session, row, "deleted")
    session.delete(row)


def find(session: Session, name: str) -> ProjectRow:
    """Raises NotFound."""
    row = session.get(ProjectRow, name)
    if row is None:
        raise NotFound(
            "project-not-found",
            f"There is no project called {name!r}.",
            "The list of projects shows what there is.",
        )
    return row


def view(session: Session, row: ProjectRow) -> ProjectView:
    num_runs, num_items = _counts(session, row.name)
    return ProjectView(
        name=row.name,
        num_runs=num_runs,
        num_items=num_items,
        created_at=row.created_at,
        etag=etag_of("project", row.name),
    )


def _counts(session: Session, name: str) -> tuple[int, int]:
    runs = select(func.count()).where(RunRow.project == name, RunRow.kind == "flow")
    items = select(func.count()).where(ItemRow.project == name)
    return session.scalar(runs) or 0, session.scalar(items) or 0


def _check_free(session: Session, name: str) -> None:
    if session.get(ProjectRow, name) is not None:
        raise _taken(name)


def _taken(name: str) -> Conflict:
    return Conflict(
        "project-exists", f"There is a project called {name!r} already.", "Choose another name."
    )


def _check_empty(session: Session, row: ProjectRow, verb: str) -> None:
    if row.name == DEFAULT_PROJECT:
        raise Conflict(
            "project-needed", f"The project {row.name!r} cannot be {verb}.", "Make another one."
        )
    num_runs, num_items = _counts(session, row.name)
    if num_runs or num_items:
        raise Conflict(
            "project-not-empty",
            f"The project {row.name!r} holds {num_runs} runs and {num_items} items, so it cannot be {verb}.",
            "Its name stands in their folders. Delete its runs first, or make a new project.",
        )
