"""Changing only what one has seen: an `ETag` names a version of something editable, `If-Match` asks for it."""

from typing import Annotated

from fastapi import Header

from glassworks.common.errors import Changed
from glassworks.common.hashing import hash_json

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=200,
        description="`etag` of what was seen; a change in between is then not overwritten.",
        examples=['"6b1f0c93"'],
    ),
]


def etag_of(*parts: str) -> str:
    """A strong entity tag of these values, without its quotes."""
    return hash_json(list(parts))[:16]


def check_match(wanted: str | None, current: str) -> None:
    """Raises Changed when `If-Match` names another version; without one, or with `*`, anything goes."""
    if wanted is None or wanted.strip() == "*":
        return
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in wanted.split(",")}
    if current not in tags:
        raise Changed(
            "changed-meanwhile",
            "This was changed by someone else since you read it.",
            "Look at how it is now, then try again.",
        )
