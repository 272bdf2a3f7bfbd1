"""What the project calls take and answer."""

from typing import Any

from pydantic import ConfigDict, Field

from glassworks.specs.base import Spec

PROJECT: dict[str, Any] = {
    "name": "default",
    "num_runs": 3,
    "num_items": 5,
    "created_at": "2026-03-01T12:00:00.000000Z",
    "etag": "6b1f0c936a2d41e7",
}
NAME_EXAMPLE: dict[str, Any] = {"examples": [{"name": "sonnets"}]}


class ProjectView(Spec):
    """`num_runs` counts flow runs. `etag`: for `If-Match` when it is renamed."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROJECT]})

    name: str
    num_runs: int
    num_items: int
    created_at: str
    etag: str


class ProjectList(Spec):
    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [PROJECT]}]})

    items: tuple[ProjectView, ...]


class ProjectCreate(Spec):
    """Lower-case letters, digits, '.', '_' and '-', at most 63 characters."""

    model_config = ConfigDict(json_schema_extra=NAME_EXAMPLE)

    name: str = Field(max_length=200)


class ProjectUpdate(Spec):
    model_config = ConfigDict(json_schema_extra=NAME_EXAMPLE)

    name: str = Field(max_length=200)
