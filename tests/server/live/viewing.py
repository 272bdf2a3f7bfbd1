"""A viewer in a test: what a page keeps of a run, from frames alone."""

import json
from dataclasses import dataclass, field
from typing import Any

from glassworks.specs.events import event_from_json
from glassworks.specs.fold import apply, is_kept
from glassworks.specs.run import RunState


@dataclass
class Seen:
    """A run as a page holds it; `take` is what the page's live client does with a frame."""

    cursor: str | None = None
    metrics: str | None = None
    state: RunState = field(default_factory=RunState)
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    doubles: int = 0
    snapshots: int = 0

    def take(self, frame: str | dict[str, Any]) -> None:
        values = json.loads(frame) if isinstance(frame, str) else frame
        match values["type"]:
            case "snapshot":
                self.snapshots += 1
                self.state = RunState.model_validate(values["state"])
                self.cursor, self.metrics, self.rows = values["cursor"], None, {}
            case "events":
                for event in values["events"]:
                    self._apply(event)
                self.cursor = values["cursor"]
            case "metrics":
                for row in values["rows"]:
                    self.doubles += row["step"] in self.rows
                    self.rows[int(row["step"])] = row
                self.metrics = values["cursor"]

    def _apply(self, fields: dict[str, Any]) -> None:
        event = event_from_json(fields)
        self.state = apply(self.state, event)
        if event.type == "attempt.started":
            start = event.from_step
            self.rows = {step: row for step, row in self.rows.items() if is_kept(step, start)}
