"""What is said about who is signed in."""

from pydantic import Field

from glassworks.specs.base import Spec


class SessionCreate(Spec):
    key: str = Field(description="The one-time key of a sign-in link.", examples=["q0mX..."])


class SessionView(Spec):
    """`csrf_token` goes into the header `X-CSRF-Token` of whatever changes something."""

    user: str
    name: str
    persona: str | None
    csrf_token: str
    version: str
    home_id: str
    started_at: str


class LinkView(Spec):
    """`path` of a one-time sign-in link; the key is behind the `#`, which no server log ever sees."""

    path: str
