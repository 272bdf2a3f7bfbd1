"""The watch over a run: every diagnostic sees every fact, and what it finds is told once per occurrence.

In: a `Plan`, and facts as the loop meets them. Out: `finding.raised` events. Unusual: the whole memory is one JSON document that
is saved with the training state, so a resumed run says the same as one that was not cut. A finding is told when its fault
appears; while the fault lasts nothing more is said. It may be told again after the fault was away for `AWAY` facts that spoke
of it, and at most `MOST_TOLD` times a run: who has not read three will not read thirty.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import torch

from glassworks.lm.data.tokens import TokenReader
from glassworks.lm.train.config import TrainConfig
from glassworks.lm.train.diagnostics import DIAGNOSTICS
from glassworks.lm.train.diagnostics.base import (
    CALM,
    Broken,
    Diagnostic,
    Evaluated,
    Fact,
    Finding,
    Layers,
    Plan,
    Step,
)
from glassworks.specs.events import (
    AttemptEvent,
    EvaluationRecorded,
    FindingRaised,
    LayersMeasured,
)

WATCH_FILE = "diagnostics.json"
AWAY = 50
MOST_TOLD = 3
CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


class Watch:
    """Feeds the diagnostics and emits what they find."""

    def __init__(self, plan: Plan, emit: Callable[[AttemptEvent], None]) -> None:
        self.plan = plan
        self._emit = emit
        self._rules = DIAGNOSTICS.all()
        self._seen: dict[str, dict[str, Any]] = {}

    def row(self, row: dict[str, float | int]) -> None:
        """A step's figures."""
        self.see(Step(int(row["step"]), row))

    def event(self, event: AttemptEvent) -> None:
        """An evaluation or the figures of the layers; other events say nothing here."""
        if isinstance(event, EvaluationRecorded):
            self.see(Evaluated(event.step, event.values))
        elif isinstance(event, LayersMeasured):
            self.see(Layers(event.step, event.values))

    def broke(self, step: int, what: str, place: str) -> None:
        """A number broke in this step; it is the last that is seen."""
        self.see(Broken(step, what, place))

    def see(self, fact: Fact) -> None:
        for name, rule in self._rules.items():
            if (finding := self._found(name, rule, fact)) is not None:
                self._emit(raised(name, rule, finding, fact.step))

    def to_json(self) -> str:
        """All that must be remembered."""
        return json.dumps(self._seen, sort_keys=True)

    def load(self, folder: Path) -> None:
        """Go on from what `to_json()` gave, in `folder/diagnostics.json`. A state of an older version has none."""
        file = folder / WATCH_FILE
        if file.exists():
            self._seen = json.loads(file.read_text("utf-8"))

    def _found(self, name: str, rule: type[Diagnostic], fact: Fact) -> Finding | None:
        """What `rule` makes of the fact, if it is to be told now."""
        seen = self._seen.get(name, {"memory": {}, "is_on": False, "num_away": 0, "num_told": 0})
        memory, verdict = rule.see(seen["memory"], fact, self.plan)
        seen = {**seen, "memory": memory}
        is_new = isinstance(verdict, Finding) and not seen["is_on"]
        if isinstance(verdict, Finding):
            seen |= {"is_on": True, "num_away": 0, "num_told": seen["num_told"] + is_new}
        elif verdict == CALM and seen["is_on"]:
            away = seen["num_away"] + 1
            seen |= {"num_away": away, "is_on": away < AWAY}
        self._seen[name] = seen
        is_told = is_new and seen["num_told"] <= MOST_TOLD
        return verdict if is_told and isinstance(verdict, Finding) else None


def raised(name: str, rule: type[Diagnostic], finding: Finding, step: int) -> FindingRaised:
    """A finding as an event of the run."""
    return FindingRaised(
        level=rule.level,
        code=code_of(name),
        message=finding.message,
        step=step,
        cause=finding.cause,
        evidence=finding.evidence,
        remedy=finding.remedy,
    )


def code_of(name: str) -> str:
    """The code of a diagnostic's findings, which is also its place in the guide."""
    return name.replace("_", "-")


def plan_of(reader: TokenReader, config: TrainConfig, context: int, world: int = 1) -> Plan:
    """What the rules may know before the first step."""
    readings = reader.order(context).readings(config.steps * config.batch_size * world)
    return Plan(
        config=config,
        vocab_size=reader.vocab_size,
        epochs={reading.name: reading.epochs for reading in readings},
        memory_limit_bytes=memory_limit(str(config.device)),
    )


def memory_limit(device: str) -> int | None:
    """What the device has, or what this process may have of the machine's memory; None where that is not known."""
    if device == "cuda":
        return int(torch.cuda.get_device_properties(0).total_memory)
    if device == "mps":
        return int(torch.mps.recommended_max_memory())
    limits = [int(psutil.virtual_memory().total)]
    for file in CGROUP_LIMITS:
        try:
            text = file.read_text("ascii").strip()
        except OSError:
            continue
        limits += [int(text)] if text.isdecimal() else []
    return min(limits)
