"""Runs: one stage executed with one resolved config on given artifacts, or one flow executed as a whole.

`RunSpec` is `run.json`: what was ordered, written once. `RunState` is what `fold` makes of the events: never stored.
"""

from typing import Any, Literal

from glassworks.common.clock import seconds_between, utc_now
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.specs.base import Spec
from glassworks.specs.events import (
    CheckpointSaved,
    CleaningCounted,
    ErrorSpec,
    EvaluationRecorded,
    FindingRaised,
    LayersMeasured,
    NodeDecided,
    PromptTracked,
    RungClosed,
    RunMeasured,
    RunPredicted,
    RunProgress,
    SampleDrawn,
    StateSetAside,
    TokenizerGrown,
)
from glassworks.specs.flow import PlannedNode, PlanSpec

RunStatus = Literal["queued", "running", "stopping", "stopped", "failed", "done"]
UNFINISHED: tuple[RunStatus, ...] = ("queued", "running", "stopping", "stopped", "failed")


class RunSpec(Spec):
    """`run.json`. A stage run has `node`, `key` and `inputs` (name -> artifact id); a flow run has `plan`."""

    format: int = 1
    id: str
    kind: Literal["stage", "flow"]
    name: str
    project: str = DEFAULT_PROJECT
    created_at: str
    key: str
    node: PlannedNode | None = None
    inputs: dict[str, str] = {}
    plan: PlanSpec | None = None
    flow_run: str | None = None
    """The flow run that started this stage run."""
    continues: str | None = None
    """The run that this one goes on from."""
    continues_at: int | None = None
    """The step of it; None: its last."""
    environment: dict[str, Any] = {}
    minutes: float | None = None
    """The time that a person gave instead of a size (a flow run's)."""


class DoneSpec(Spec):
    """`DONE.json`: the lineage. Its existence is the run's completion."""

    outputs: dict[str, str]
    inputs: dict[str, str]
    finished_at: str


class AttemptState(Spec):
    number: int
    started_at: str
    from_step: int = 0
    outcome: str | None = None
    ended_at: str | None = None
    is_bit_exact: bool = True
    caveats: tuple[str, ...] = ()
    error: ErrorSpec | None = None


class WorkSpan(Spec):
    """A time in which a run was at work; `ended_at` null: it still is."""

    started_at: str
    ended_at: str | None = None


class RunState(Spec):
    """Everything a screen shows of a run, as a pure function of its events (see `fold`)."""

    status: RunStatus = "queued"
    name: str = ""
    kind: Literal["stage", "flow"] = "stage"
    created_at: str | None = None
    started_at: str | None = None
    ended_at: str | None = None
    work: tuple[WorkSpan, ...] = ()
    """When it was at work: a new span after each pause."""
    attempts: tuple[AttemptState, ...] = ()
    progress: RunProgress | None = None
    progress_started_at: str | None = None
    outputs: dict[str, str] = {}
    error: ErrorSpec | None = None
    checkpoints: tuple[CheckpointSaved, ...] = ()
    evaluations: tuple[EvaluationRecorded, ...] = ()
    layers: tuple[LayersMeasured, ...] = ()
    samples: tuple[SampleDrawn, ...] = ()
    tracked_prompts: tuple[PromptTracked, ...] = ()
    findings: tuple[FindingRaised, ...] = ()
    growth: tuple[TokenizerGrown, ...] = ()
    set_aside: tuple[StateSetAside, ...] = ()
    cleaning: CleaningCounted | None = None
    prediction: RunPredicted | None = None
    measured: RunMeasured | None = None
    nodes: dict[str, NodeDecided] = {}
    rungs: tuple[RungClosed, ...] = ()
    """Of a sweep: what was measured in each rung, and who went on."""

    @property
    def spent_s(self) -> float:
        """Seconds at work so far; what it waited or was paused is left out."""
        now = utc_now()
        spans = (seconds_between(one.started_at, one.ended_at or now) for one in self.work)
        return sum(max(0.0, seconds) for seconds in spans)

    @property
    def duration_s(self) -> float | None:
        """Seconds at work, of a run that has ended; None before."""
        return self.spent_s if self.ended_at is not None else None
