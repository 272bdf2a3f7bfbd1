"""The list of runs, from the index."""

from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from glassworks.server.db.tables import RunRow
from glassworks.server.http.paging import Page, decode_cursor, encode_cursor
from glassworks.server.live.views import RunView


def list_runs(
    session: Session,
    project: str,
    statuses: tuple[str, ...],
    query: str,
    limit: int,
    after: str | None,
) -> Page[RunView]:
    """Flow runs, newest first; `query` is looked for in name, recipe, changes and id."""
    wanted: list[ColumnElement[bool]] = [RunRow.kind == "flow", RunRow.project == project]
    if statuses:
        wanted.append(RunRow.status.in_(statuses))
    for word in query.split():
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        pattern = f"%{escaped}%"
        columns: tuple[Any, ...] = (RunRow.name, RunRow.recipe, RunRow.id)
        wanted.append(_any_like(columns, pattern))
    total = session.scalar(select(func.count()).select_from(RunRow).where(*wanted)) or 0
    rows = select(RunRow).where(*wanted).order_by(RunRow.created_at.desc(), RunRow.id.desc())
    if after is not None:
        created_at, run = decode_cursor(after, 2)
        rows = rows.where(tuple_(RunRow.created_at, RunRow.id) < (created_at, run))
    found = list(session.scalars(rows.limit(limit + 1)))
    page = found[:limit]
    following = encode_cursor(page[-1].created_at, page[-1].id) if len(found) > limit else None
    return Page(
        items=tuple(RunView.model_validate(row.view) for row in page), next=following, total=total
    )


def count_by_status(session: Session, project: str) -> dict[str, int]:
    """How many flow runs of a project are in which status."""
    counts = session.execute(
        select(RunRow.status, func.count())
        .where(RunRow.kind == "flow", RunRow.project == project)
        .group_by(RunRow.status)
    )
    return dict(counts.tuples().all())


def _any_like(columns: tuple[Any, ...], pattern: str) -> ColumnElement[bool]:
    first, *others = (column.ilike(pattern, escape="\\") for column in columns)
    found: ColumnElement[bool] = first
    for other in others:
        found = found | other
    return found
