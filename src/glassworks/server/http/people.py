"""Who is asking: one-time sign-in keys, sessions in strict cookies, the command line's token. Deny by default.

A key is handed out by whoever can read the home folder, works once and for ten minutes, and becomes a session. Of keys and
cookies only hashes are kept. A session lasts 30 days. What changes something needs the session's CSRF token in a header.
"""

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import Depends
from pydantic import ConfigDict
from sqlalchemy import delete
from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection

from glassworks.common.clock import utc_now
from glassworks.common.errors import Forbidden, Unauthorized
from glassworks.server.db.tables import SessionRow, SignInKeyRow, UserRow
from glassworks.server.http.context import Context, ContextDep
from glassworks.specs.base import Spec

LOCAL_USER = "local"
KEY_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(days=30)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
CSRF_HEADER = "X-CSRF-Token"
Persona = Literal["learner", "educator", "practitioner"]
USER: dict[str, Any] = {
    "id": LOCAL_USER,
    "name": "You",
    "persona": "learner",
    "preferences": {"theme": "dark"},
}


class UserView(Spec):
    """A person. `persona` is null until it was said, and when that was skipped; `preferences` are the pages' own."""

    model_config = ConfigDict(json_schema_extra={"examples": [USER]})

    id: str
    name: str
    persona: Persona | None
    preferences: dict[str, Any]


def make_key(session: Session) -> str:
    """A fresh one-time sign-in key."""
    session.execute(delete(SignInKeyRow).where(SignInKeyRow.expires_at < utc_now()))
    key = secrets.token_urlsafe(24)
    session.add(SignInKeyRow(key_hash=_hash(key), expires_at=_in(KEY_LASTS)))
    return key


def sign_in(session: Session, key: str) -> tuple[str, SessionRow]:
    """Spend a key; returns the cookie's value and the new session. Raises Unauthorized for a spent or unknown key."""
    spent = session.execute(  # one statement, so that of two who come at once only one gets in
        delete(SignInKeyRow)
        .where(SignInKeyRow.key_hash == _hash(key), SignInKeyRow.expires_at >= utc_now())
        .returning(SignInKeyRow.key_hash)
    )
    if spent.first() is None:
        raise Unauthorized(
            "bad-sign-in-key",
            "This sign-in link was used already, or is older than ten minutes.",
            "`glassworks open` in a terminal makes a new one.",
        )
    session.execute(delete(SessionRow).where(SessionRow.expires_at < utc_now()))
    token = secrets.token_urlsafe(32)
    found = SessionRow(
        token_hash=_hash(token),
        user_id=local_user(session).id,
        csrf_token=secrets.token_urlsafe(24),
        created_at=utc_now(),
        expires_at=_in(SESSION_LASTS),
    )
    session.add(found)
    return token, found


def local_user(session: Session) -> UserRow:
    """The one person of a local installation."""
    user = session.get(UserRow, LOCAL_USER)
    if user is None:
        user = UserRow(
            id=LOCAL_USER, name="You", persona=None, preferences={}, created_at=utc_now()
        )
        session.add(user)
        session.flush()
    return user


def user_view(user: UserRow) -> UserView:
    return UserView.model_validate({name: getattr(user, name) for name in UserView.model_fields})


def find_session(context: Context, connection: HTTPConnection) -> SessionRow | None:
    """The session that a connection's cookie belongs to."""
    cookie = connection.cookies.get(context.cookie)
    if not cookie:
        return None
    with context.database.transaction() as session:
        row = session.get(SessionRow, _hash(cookie))
        return row if row is not None and row.expires_at >= utc_now() else None


def has_token(context: Context, connection: HTTPConnection) -> bool:
    """Whether a connection shows the command line's token."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and _is_same(token, context.token)


def require_user(connection: HTTPConnection, context: ContextDep) -> str:
    """The id of whoever asks. Raises Unauthorized, or Forbidden when a change comes without its CSRF token."""
    if has_token(context, connection):
        return LOCAL_USER
    found = find_session(context, connection)
    if found is None:
        raise Unauthorized(
            "signed-out",
            "You are not signed in.",
            "`glassworks open` in a terminal gives a link that signs you in.",
        )
    is_safe = connection.scope.get("method", "GET") in SAFE_METHODS
    shown = connection.headers.get(CSRF_HEADER, "")
    if not is_safe and not _is_same(shown, found.csrf_token):
        raise Forbidden(
            "bad-csrf-token",
            "This request does not carry the session's token.",
            f"Send it in the header {CSRF_HEADER}; `GET /api/session` tells it. Reloading the page helps too.",
        )
    return found.user_id


UserDep = Annotated[str, Depends(require_user)]


def _is_same(shown: str, secret: str) -> bool:
    """Compared in constant time, and as bytes: what is shown may be anything."""
    return hmac.compare_digest(shown.encode(), secret.encode())


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _in(time: timedelta) -> str:
    return (datetime.now(UTC) + time).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
