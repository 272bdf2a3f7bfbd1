"""Changing the row of a person."""

import json

from sqlalchemy.orm import Session

from glassworks.common.errors import LimitReached
from glassworks.server.db.tables import UserRow
from glassworks.server.features.me.schemas import UserUpdate
from glassworks.server.http.people import UserView, user_view

MAX_PREFERENCES_BYTES = 32_768


def update(session: Session, user_id: str, wanted: UserUpdate) -> UserView:
    """Raises LimitReached when the preferences grow too large."""
    user = session.get_one(UserRow, user_id)
    given = wanted.model_fields_set
    if "persona" in given:
        user.persona = wanted.persona
    if wanted.name is not None:
        user.name = wanted.name.strip() or user.name
    if wanted.preferences is not None:
        merged = {**user.preferences, **wanted.preferences}
        user.preferences = {key: value for key, value in merged.items() if value is not None}
        _check_size(user.preferences)
    session.flush()
    return user_view(user)


def _check_size(preferences: dict[str, object]) -> None:
    if len(json.dumps(preferences)) > MAX_PREFERENCES_BYTES:
        raise LimitReached(
            "preferences-too-large",
            f"Preferences take at most {MAX_PREFERENCES_BYTES:,} bytes.",
            "Take some away: set them to null.",
        )
