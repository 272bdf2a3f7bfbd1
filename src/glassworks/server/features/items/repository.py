"""Items in the index: each with its latest version, ordered by project, kind and name."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import Session

from glassworks.server.db.tables import ItemRow, VersionRow


@dataclass(frozen=True)
class Filter:
    """Which items: of a project, of a kind; None means all."""

    project: str | None = None
    kind: str | None = None


def latest(
    session: Session, wanted: Filter, limit: int, after: tuple[str, str, str] | None
) -> list[VersionRow]:
    """The latest version of each item, `limit` of them behind the place `after` (project, kind, name)."""
    newest = (
        select(VersionRow.project, VersionRow.kind, VersionRow.name)
        .add_columns(func.max(VersionRow.number).label("number"))
        .group_by(VersionRow.project, VersionRow.kind, VersionRow.name)
        .subquery()
    )
    is_newest = and_(
        VersionRow.project == newest.c.project,
        VersionRow.kind == newest.c.kind,
        VersionRow.name == newest.c.name,
        VersionRow.number == newest.c.number,
    )
    place = tuple_(VersionRow.project, VersionRow.kind, VersionRow.name)
    query = select(VersionRow).join(newest, is_newest).where(*_conditions(VersionRow, wanted))
    if after is not None:
        query = query.where(place > after)
    ordered = query.order_by(VersionRow.project, VersionRow.kind, VersionRow.name)
    return list(session.scalars(ordered.limit(limit)))


def count(session: Session, wanted: Filter) -> int:
    query = select(func.count()).select_from(ItemRow).where(*_conditions(ItemRow, wanted))
    return session.scalar(query) or 0


def find(session: Session, project: str, kind: str, name: str) -> ItemRow | None:
    return session.get(ItemRow, (project, kind, name))


def versions(session: Session, item: ItemRow) -> list[VersionRow]:
    """All versions of an item, the newest first."""
    query = select(VersionRow).where(
        VersionRow.project == item.project,
        VersionRow.kind == item.kind,
        VersionRow.name == item.name,
    )
    return list(session.scalars(query.order_by(VersionRow.number.desc())))


def _conditions(
    table: type[ItemRow] | type[VersionRow], wanted: Filter
) -> list[ColumnElement[bool]]:
    given = ((table.project, wanted.project), (table.kind, wanted.kind))
    return [column == value for column, value in given if value is not None]
