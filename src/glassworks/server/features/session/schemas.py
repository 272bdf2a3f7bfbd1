"""What is said about who is signed in."""

from typing import Any

from pydantic import ConfigDict, Field

from glassworks.server.http.people import USER, UserView
from glassworks.specs.base import Spec

SESSION: dict[str, Any] = {
    "user": USER,
    "csrf_token": "pZ6n8QK3v1cJ2mUo0r3s4t5u6v7w8x9y",
    "version": "0.1.0",
    "home_id": "1f2e3d4c",
    "is_first_start": False,
    "is_beginning": False,
    "started_at": "2026-03-01T12:00:00.000000Z",
}


class SessionCreate(Spec):
    """The one-time key of a sign-in link: what stands behind its `#`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"key": "Yb3k0sJ8mQ1xT7wZr2c4v6n8p0a2d4f6"}]}
    )

    key: str = Field(min_length=1, max_length=200)


class SessionView(Spec):
    """`csrf_token` goes into the header `X-CSRF-Token` of whatever changes something; empty for a command's token.

    `is_first_start`: no run has ended well here yet. `is_beginning`: the first model begins by itself; its run is being
    planned.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [SESSION]})

    user: UserView
    csrf_token: str
    version: str
    home_id: str
    is_first_start: bool
    is_beginning: bool
    started_at: str


class LinkView(Spec):
    """`url_path` of a one-time sign-in link; the key is behind the `#`, which no server log ever sees."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url_path": "/sign-in#Yb3k0sJ8mQ1xT7wZr2c4v6n8p0a2d4f6"}]}
    )

    url_path: str
