"""`/api/notices`: what happened meanwhile."""

from fastapi import APIRouter

from glassworks.server.features.notices import service
from glassworks.server.features.notices.schemas import NoticePage, NoticesRead, UnreadView
from glassworks.server.http.context import SessionDep
from glassworks.server.http.paging import AfterQuery, LimitQuery

router = APIRouter(prefix="/notices")


@router.get("", summary="List the notices")
def list_notices(
    session: SessionDep, limit: LimitQuery = 50, after: AfterQuery = None
) -> NoticePage:
    """What was done, failed, stopped or found, the newest first."""
    return service.page(session, limit, after)


@router.post("/read", summary="Mark notices as read")
def read_notices(body: NoticesRead, session: SessionDep) -> UnreadView:
    """Some by their ids, or all."""
    return UnreadView(num_unread=service.mark_read(session, body))
