"""Signing in with a one-time key, asking who one is, signing out, and new links for the command line."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from glassworks.common.errors import Forbidden
from glassworks.common.version import VERSION
from glassworks.server.db.tables import RunRow, SessionRow, UserRow
from glassworks.server.features.session.schemas import LinkView, SessionCreate, SessionView
from glassworks.server.http.context import Context, ContextDep, SessionDep
from glassworks.server.http.people import (
    SESSION_LASTS,
    UserDep,
    find_session,
    has_token,
    local_user,
    make_key,
    sign_in,
    user_view,
)

router = APIRouter()
public_router = APIRouter()


@public_router.post("/session", status_code=201, summary="Sign in")
def create_session(
    body: SessionCreate, context: ContextDep, session: SessionDep, response: Response
) -> SessionView:
    """Spend a one-time key; the answer sets the session's cookie."""
    token, row = sign_in(session, body.key)
    response.set_cookie(
        context.cookie,
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        path="/",
    )
    return _view(context, session, local_user(session), row)


@router.get("/session", summary="Who am I")
def read_session(
    request: Request, context: ContextDep, session: SessionDep, user: UserDep
) -> SessionView:
    """The session's person and CSRF token."""
    return _view(context, session, local_user(session), find_session(context, request))


@router.delete("/session", status_code=204, summary="Sign out")
def delete_session(
    request: Request, context: ContextDep, session: SessionDep, response: Response
) -> None:
    """End the session, close its live streams and remove its cookie."""
    row = find_session(context, request)
    if row is not None:
        session.delete(session.merge(row))
        context.hub.sign_out(row.token_hash)
    response.delete_cookie(context.cookie, path="/", httponly=True, samesite="strict")


@router.post("/session/links", status_code=201, summary="Make a sign-in link")
def create_link(request: Request, context: ContextDep, session: SessionDep) -> LinkView:
    """A new one-time link; only for the command line, which shows the home folder's token."""
    if not has_token(context, request):
        raise Forbidden(
            "token-needed",
            "Only a command on this machine may make sign-in links.",
            "Run `glassworks open` in a terminal.",
        )
    return LinkView(url_path=f"/sign-in#{make_key(session)}")


def _view(context: Context, session: Session, user: UserRow, row: SessionRow | None) -> SessionView:
    done = select(RunRow.id).where(RunRow.kind == "flow", RunRow.status == "done").limit(1)
    return SessionView(
        user=user_view(user),
        csrf_token=row.csrf_token if row else "",
        version=VERSION,
        home_id=context.home_id,
        is_first_start=session.scalar(done) is None,
        is_beginning=context.jobs.is_beginning,
        started_at=context.started_at,
    )
