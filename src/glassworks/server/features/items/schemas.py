"""What the item calls answer."""

from typing import Any

from pydantic import ConfigDict

from glassworks.server.http.paging import Page
from glassworks.specs.base import Spec
from glassworks.specs.item import ItemKind

ITEM: dict[str, Any] = {
    "kind": "model",
    "name": "first-model",
    "project": "default",
    "version": 2,
    "artifact": "4f1c" * 16,
    "run": "r4k7m2p9xq",
    "created_at": "2026-03-01T12:00:00.000000Z",
    "summary": {"step": 1200, "parameters": 1315072},
    "is_present": True,
}
VERSION: dict[str, Any] = {
    "number": 2,
    "artifact": "4f1c" * 16,
    "run": "r4k7m2p9xq",
    "note": "",
    "created_at": "2026-03-01T12:00:00.000000Z",
    "summary": {"step": 1200, "parameters": 1315072},
    "size_bytes": 5_300_000,
    "is_present": True,
}


class ItemView(Spec):
    """An item at its latest version. `summary`: the artifact's few figures; `is_present`: it can be read."""

    kind: ItemKind
    name: str
    project: str
    version: int
    artifact: str
    run: str | None
    created_at: str
    summary: dict[str, Any]
    is_present: bool


class ItemPage(Page[ItemView]):
    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [ITEM], "total": 1}]})


class VersionView(Spec):
    number: int
    artifact: str
    run: str | None
    note: str
    created_at: str
    summary: dict[str, Any]
    size_bytes: int
    is_present: bool


class ItemDetail(ItemView):
    """An item with all its versions, the newest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**ITEM, "versions": [VERSION], "aliases": {"best": 2}}]}
    )

    versions: tuple[VersionView, ...]
    aliases: dict[str, int]
