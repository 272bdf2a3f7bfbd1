"""Lists in pages: `?limit=50&after=<cursor>`; the cursor is opaque to whoever asks."""

import base64
import binascii
import json
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query

from glassworks.common.errors import InvalidSpec
from glassworks.specs.base import Spec

RowT = TypeVar("RowT")
LimitQuery = Annotated[int, Query(ge=1, le=200, description="How many at most.", examples=[50])]
AfterQuery = Annotated[
    str | None, Query(description="`next` of the page before.", examples=["WyJhIl0"])
]


class Page(Spec, Generic[RowT]):
    """`next` is None on the last page; `total` counts all pages."""

    items: tuple[RowT, ...]
    next: str | None = None
    total: int


def encode_cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode_cursor(text: str, num_parts: int) -> list[Any]:
    """Raises InvalidSpec for a cursor that this server did not write."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        parts = None
    if not isinstance(parts, list) or len(parts) != num_parts:
        raise InvalidSpec(
            "bad-page-cursor",
            "`after` is no cursor of this list.",
            "Use `next` of the page before.",
            "after",
        )
    return parts
