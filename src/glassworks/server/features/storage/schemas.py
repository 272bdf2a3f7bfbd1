"""What the storage calls answer."""

from typing import Any

from pydantic import ConfigDict

from glassworks.specs.base import Spec

EXAMPLE: dict[str, Any] = {
    "store_path": "~/.glassworks/store",
    "home_path": "~/.glassworks",
    "artifacts": {"count": 41, "bytes": 312_000_000},
    "runs": {"count": 12, "bytes": 95_000_000},
    "reclaimable": {"count": 3, "bytes": 15_600_000},
}


class Amount(Spec):
    count: int
    bytes: int


class StorageView(Spec):
    """What two names share on disk is counted once. `reclaimable` is null where it cannot be known now."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    store_path: str
    home_path: str
    artifacts: Amount
    runs: Amount
    reclaimable: Amount | None


class CleanReport(Spec):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"removed": 3, "freed_bytes": 15_600_000}]}
    )

    removed: int
    freed_bytes: int


class IndexView(Spec):
    """What the index holds; `unreadable` says what could not be read, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"runs": 12, "items": 5, "projects": 1, "unreadable": []}]}
    )

    runs: int
    items: int
    projects: int
    unreadable: tuple[str, ...]
