"""What goes in and out about checkpoints."""

from typing import Any

from pydantic import ConfigDict, Field

from glassworks.specs.base import Spec
from glassworks.specs.checkpoint import CheckpointCheck, CheckpointRow

ROW: dict[str, Any] = {
    "step": 600,
    "artifact": "4f1c" * 16,
    "size_bytes": 12_600_000,
    "names": ["first-model-600@1"],
    "kept_as": "first-model-600@1",
    "has_state": False,
    "damage": "",
}
CHECK: dict[str, Any] = {"step": 600, "size_bytes": 12_600_000, "problems": []}


class CheckpointList(Spec):
    """Rising by step."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [ROW]}]})

    items: tuple[CheckpointRow, ...]


class CheckList(Spec):
    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [CHECK]}]})

    items: tuple[CheckpointCheck, ...]


class KeepAsk(Spec):
    """`name`: what to keep it as; left out it is the run's name and the step."""

    name: str | None = Field(default=None, max_length=63, examples=["plays-early"])


class KeptView(Spec):
    """`names`: what it is kept as, or what it was kept as until now, `name@version`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"step": 600, "names": ["first-model-600@1"]}]}
    )

    step: int
    names: tuple[str, ...]
