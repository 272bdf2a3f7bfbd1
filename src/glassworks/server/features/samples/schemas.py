"""What the sample-run call answers. The parts are those of the runs calls, as they were when the run was recorded."""

from typing import Any

from pydantic import ConfigDict

from glassworks.specs.base import Spec
from glassworks.specs.events import Event

EXAMPLE: dict[str, Any] = {
    "format": 1,
    "detail": {"run": {"id": "r4k7m2p9xq", "name": "first-model", "status": "done"}},
    "events": [],
    "children": {},
    "metrics": {"r7jhneyv4k": [{"step": 1, "loss": 7.62}]},
    "machine": {"processor": "AMD EPYC", "num_cores": 2},
}


class SampleChild(Spec):
    """The events of one stage of the run, in the order that `fold` wants."""

    cursor: str
    events: tuple[Event, ...]


class SampleRunView(Spec):
    """A finished run of ours. `detail` is a `RunDetail`; `children` and `metrics` go by the id of the stage run.

    `events` are those of the whole; `metrics` every step row; `machine` what the run was computed on.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    format: int
    detail: dict[str, Any]
    events: tuple[Event, ...]
    children: dict[str, SampleChild]
    metrics: dict[str, tuple[dict[str, float], ...]]
    machine: dict[str, Any]
