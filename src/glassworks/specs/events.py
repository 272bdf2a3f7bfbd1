"""Events: one fact each, stored before it is sent. One discriminated union (`type`), for Python and, later, TypeScript.

Two writers, two files. The *ledger* of a run is written by its one supervisor; an *attempt*'s events by its worker.
A public cursor is (ledger line, attempt, attempt line), e.g. `"12:2:1841"`. Step rows are not events: they lie in
`metrics.jsonl` and are followed by (attempt, line).
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from glassworks.common.clock import utc_now
from glassworks.specs.base import Spec

Interval = Annotated[tuple[float, ...], Field(min_length=2, max_length=2)]
"""Lowest and highest."""

Outcome = Literal["done", "stopped", "failed", "killed", "lost"]


class ErrorSpec(Spec):
    """An error as data; the same fields as `GlassworksError.to_dict()`."""

    type: str = "GlassworksError"
    code: str
    message: str
    hint: str = ""
    where: str = ""


class _Event(Spec):
    time: str = Field(default_factory=utc_now)


# --- ledger: the supervisor's decisions -------------------------------------------------------------------------


class RunCreated(_Event):
    type: Literal["run.created"] = "run.created"
    kind: Literal["stage", "flow"]
    name: str


class RunRenamed(_Event):
    type: Literal["run.renamed"] = "run.renamed"
    name: str


class RunQueued(_Event):
    """The run waits for its turn; what ended it before no longer counts."""

    type: Literal["run.queued"] = "run.queued"


class NodeDecided(_Event):
    """A flow's node is about to run, or is answered from the store; `reason` says why in words."""

    type: Literal["node.decided"] = "node.decided"
    node: str
    action: Literal["run", "resume", "reuse"]
    key: str
    run: str
    reason: str
    changes: tuple[str, ...] = ()


class RungClosed(_Event):
    """All variants of a sweep's rung were measured: variant number -> value, and who goes on (in the last rung: the best)."""

    type: Literal["rung.closed"] = "rung.closed"
    rung: int
    steps: int | None
    metric: str
    values: dict[str, float]
    kept: tuple[int, ...]
    reason: str


class RunPredicted(_Event):
    """What was expected of a training before it began; what could not be known is null.

    `asked_s`: the time that a person gave, where they gave one. `time_error`: by how much past runs would have been missed.
    `program_bytes`: the part of `memory_bytes` that is not the model's.
    """

    type: Literal["run.predicted"] = "run.predicted"
    asked_s: float | None = None
    time_s: float | None = None
    time_error: float | None = None
    based_on_runs: int = 0
    memory_bytes: int | None = None
    program_bytes: int | None = None
    disk_bytes: int | None = None
    first_loss: float | None = None
    final_loss: float | None = None
    final_loss_range: Interval | None = None
    """Where 95 of 100 such runs end, by the law through finished ones."""


class RunMeasured(_Event):
    """What it was in the end: the same figures, measured. `final_loss` is held-out where that was measured."""

    type: Literal["run.measured"] = "run.measured"
    time_s: float
    memory_bytes: int | None = None
    disk_bytes: int | None = None
    first_loss: float | None = None
    final_loss: float | None = None


class StateSetAside(_Event):
    """A saved state was damaged and is not used."""

    type: Literal["state.set_aside"] = "state.set_aside"
    attempt: int
    step: int
    reason: str


class AttemptStarted(_Event):
    """`from_step` voids earlier attempts' rows and step events beyond that step; `from_attempt` owns that state.

    From step 0 it starts from nothing, says everything anew, and all that earlier attempts said is void.
    """

    type: Literal["attempt.started"] = "attempt.started"
    attempt: int
    from_step: int = 0
    from_attempt: int = 0
    is_bit_exact: bool = True
    caveats: tuple[str, ...] = ()


class AttemptEnded(_Event):
    type: Literal["attempt.ended"] = "attempt.ended"
    attempt: int
    outcome: Outcome
    error: ErrorSpec | None = None


class StopRequested(_Event):
    type: Literal["stop.requested"] = "stop.requested"
    how: Literal["save", "kill"]


class RunDone(_Event):
    type: Literal["run.done"] = "run.done"
    outputs: dict[str, str]


class RunStopped(_Event):
    type: Literal["run.stopped"] = "run.stopped"


class RunFailed(_Event):
    type: Literal["run.failed"] = "run.failed"
    error: ErrorSpec


# --- attempt: what the worker reports ----------------------------------------------------------------------------


class RunProgress(_Event):
    """The one shape behind every bar and every time left."""

    type: Literal["run.progress"] = "run.progress"
    done: int
    total: int
    unit: str
    phase: str


class ArtifactPublished(_Event):
    """An output is complete in the store. It counts when the attempt is still current at the run's end."""

    type: Literal["artifact.published"] = "artifact.published"
    output: str
    artifact: str


class CheckpointSaved(_Event):
    """A checkpoint artifact and the attempt's `state/step-N`, written together."""

    type: Literal["checkpoint.saved"] = "checkpoint.saved"
    step: int
    artifact: str
    size_bytes: int = 0
    duration_s: float = 0.0


class CheckpointDropped(_Event):
    """A checkpoint that the run's keep-policy no longer keeps; written before it is removed."""

    type: Literal["checkpoint.dropped"] = "checkpoint.dropped"
    step: int
    artifact: str


class EvaluationRecorded(_Event):
    """Measured on the validation part at a step: metric id -> value.

    `intervals`: metric id -> lowest and highest value that other held-out text of the same kind would plausibly give (95 %).
    """

    type: Literal["evaluation.recorded"] = "evaluation.recorded"
    step: int
    values: dict[str, float]
    intervals: dict[str, Interval] = {}


class LayersMeasured(_Event):
    """Figures of each layer at a step: metric id -> one number a layer, the first layer first.

    None where a layer has no such number, or none that is finite.
    """

    type: Literal["layers.measured"] = "layers.measured"
    step: int
    values: dict[str, tuple[float | None, ...]]


class SampleDrawn(_Event):
    type: Literal["sample.drawn"] = "sample.drawn"
    step: int
    prompt: str
    text: str
    seed: int
    temperature: float


class PromptTracked(_Event):
    """A tracked prompt: the most likely next tokens at this step, with their probabilities."""

    type: Literal["prompt.tracked"] = "prompt.tracked"
    step: int
    prompt: str
    tokens: tuple[str, ...]
    probabilities: tuple[float, ...]


class RemedySpec(Spec):
    """What to change, in one sentence and as data: field of the stage -> value, e.g. `optimizer.learning_rate`.

    No field where nothing that can be set would help. Whoever shows it puts the node's name before each field.
    """

    text: str
    settings: dict[str, Any] = {}


class FindingRaised(_Event):
    """A diagnostic's or the stage's remark that a person should see.

    `evidence`: the numbers that it was read from. `cause`, `remedy`: why, and what to change; a mere note has neither.
    """

    type: Literal["finding.raised"] = "finding.raised"
    level: Literal["note", "warn", "bad"]
    code: str
    message: str
    step: int | None = None
    cause: str = ""
    evidence: dict[str, Any] = {}
    remedy: RemedySpec | None = None


class LearnedMerge(Spec):
    """A merge as it reads; half a character is U+FFFD. `count`: how often it was made in the counted text."""

    rank: int
    left: str
    right: str
    token: str
    count: int


class TokenizerGrown(_Event):
    """A vocabulary of `num_tokens` on its way to `vocab_size`; `merges` are the newest few.

    `counted_bytes`: the text that the counts and `bytes_per_token` speak of. `is_replayed`: told after all was learned, by a
    program that does not tell while it learns.
    """

    type: Literal["tokenizer.grown"] = "tokenizer.grown"
    num_tokens: int
    vocab_size: int
    merges: tuple[LearnedMerge, ...]
    bytes_per_token: float
    counted_bytes: int
    is_replayed: bool = False


class CleaningStep(Spec):
    """What one step of cleaning did so far. Sizes in bytes of UTF-8; `removed` and `changed` are documents.

    `duration_s`: seconds that it worked, of all processes together.
    """

    kind: str
    documents_before: int
    documents_after: int
    bytes_before: int
    bytes_after: int
    changed: int
    removed: int
    duration_s: float = 0.0


class CleaningCounted(_Event):
    """Every step of a cleaning as it stands; the newest of these replaces the ones before."""

    type: Literal["cleaning.counted"] = "cleaning.counted"
    steps: tuple[CleaningStep, ...]


LedgerEvent = (
    RunCreated
    | RunRenamed
    | RunQueued
    | NodeDecided
    | RungClosed
    | RunPredicted
    | RunMeasured
    | StateSetAside
    | AttemptStarted
    | AttemptEnded
    | StopRequested
    | RunDone
    | RunStopped
    | RunFailed
)
AttemptEvent = (
    RunProgress
    | ArtifactPublished
    | CheckpointSaved
    | CheckpointDropped
    | EvaluationRecorded
    | LayersMeasured
    | SampleDrawn
    | PromptTracked
    | FindingRaised
    | TokenizerGrown
    | CleaningCounted
)
Event = Annotated[LedgerEvent | AttemptEvent, Field(discriminator="type")]
_EVENTS: TypeAdapter[LedgerEvent | AttemptEvent] = TypeAdapter(Event)


def event_from_json(fields: Any) -> LedgerEvent | AttemptEvent:
    """Read one event; raises pydantic's ValidationError when it is none of the union."""
    return _EVENTS.validate_python(fields)
