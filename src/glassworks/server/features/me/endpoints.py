"""`/api/me`: who I am here."""

from fastapi import APIRouter

from glassworks.server.features.me import service
from glassworks.server.features.me.schemas import UserUpdate
from glassworks.server.http.context import SessionDep
from glassworks.server.http.people import UserDep, UserView

router = APIRouter(prefix="/me")


@router.patch("", summary="Change my name, persona or preferences")
def update_me(body: UserUpdate, session: SessionDep, user: UserDep) -> UserView:
    """Only what is given changes; preferences are merged, and a null takes one away."""
    return service.update(session, user, body)
