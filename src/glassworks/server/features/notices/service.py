"""Notices, read from the database; the jobs write them."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from glassworks.server.db.tables import NoticeRow
from glassworks.server.features.notices.schemas import NoticePage, NoticesRead
from glassworks.server.http.paging import decode_cursor, encode_cursor
from glassworks.server.jobs.notices import notice_view


def page(session: Session, limit: int, after: str | None) -> NoticePage:
    query = select(NoticeRow).order_by(NoticeRow.id.desc())
    if after:
        query = query.where(NoticeRow.id < decode_cursor(after, 1)[0])
    rows = list(session.scalars(query.limit(limit + 1)))
    shown = rows[:limit]
    return NoticePage(
        items=tuple(notice_view(row) for row in shown),
        next=encode_cursor(shown[-1].id) if len(rows) > limit else None,
        total=session.scalar(select(func.count()).select_from(NoticeRow)) or 0,
        num_unread=num_unread(session),
    )


def mark_read(session: Session, wanted: NoticesRead) -> int:
    """Returns how many are left unread."""
    query = update(NoticeRow).values(is_read=True)
    session.execute(query if wanted.all else query.where(NoticeRow.id.in_(wanted.ids)))
    return num_unread(session)


def num_unread(session: Session) -> int:
    query = select(func.count()).select_from(NoticeRow).where(NoticeRow.is_read.is_(False))
    return session.scalar(query) or 0
