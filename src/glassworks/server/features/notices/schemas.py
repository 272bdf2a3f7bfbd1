"""What the notice calls take and answer."""

from typing import Any

from pydantic import ConfigDict, Field

from glassworks.server.http.paging import Page
from glassworks.server.live.frames import NoticeView
from glassworks.specs.base import Spec

NOTICE: dict[str, Any] = {
    "id": 7,
    "time": "2026-03-01T12:00:00.000000Z",
    "project": "default",
    "kind": "done",
    "run": "r4k7m2p9xq",
    "title": "first-model is done.",
    "text": "1.962 bits/byte",
    "is_read": False,
}


class NoticePage(Page[NoticeView]):
    """Newest first; `num_unread` counts all pages."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [NOTICE], "total": 1, "num_unread": 1}]}
    )

    num_unread: int


class NoticesRead(Spec):
    """Which notices were read: these, or all."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ids": [7]}, {"all": True}]})

    ids: tuple[int, ...] = Field(default=(), max_length=1000)
    all: bool = False


class UnreadView(Spec):
    model_config = ConfigDict(json_schema_extra={"examples": [{"num_unread": 0}]})

    num_unread: int
