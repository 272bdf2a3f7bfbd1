"""`fold(events) -> RunState`: the one place where facts become a state.

Pure, total and the same in every language: `tests/specs/fold_vectors.json` holds the cases. A snapshot plus the events
after its cursor gives the same state as all events from the start.
"""

from collections.abc import Iterable
from functools import reduce

from glassworks.specs.events import (
    AttemptEnded,
    AttemptEvent,
    AttemptStarted,
    CheckpointDropped,
    CheckpointSaved,
    CleaningCounted,
    EvaluationRecorded,
    FindingRaised,
    LayersMeasured,
    LedgerEvent,
    NodeDecided,
    PromptTracked,
    RunCreated,
    RunDone,
    RunFailed,
    RungClosed,
    RunMeasured,
    RunPredicted,
    RunProgress,
    RunQueued,
    RunRenamed,
    RunStopped,
    SampleDrawn,
    StateSetAside,
    StopRequested,
    TokenizerGrown,
)
from glassworks.specs.run import AttemptState, RunState, WorkSpan

AnyEvent = LedgerEvent | AttemptEvent


def fold(events: Iterable[AnyEvent], state: RunState | None = None) -> RunState:
    """Apply `events`, in their order, to `state` (default: a run of which nothing is known)."""
    return reduce(apply, events, state or RunState())


def apply(state: RunState, event: AnyEvent) -> RunState:
    """The state after one more event."""
    return state.model_copy(update=_change(state, event))


COLLECTED: dict[type, str] = {
    EvaluationRecorded: "evaluations",
    LayersMeasured: "layers",
    SampleDrawn: "samples",
    PromptTracked: "tracked_prompts",
    FindingRaised: "findings",
    StateSetAside: "set_aside",
    TokenizerGrown: "growth",
    RungClosed: "rungs",
}
"""Events that a state simply gathers, in their order."""

REPLACED: dict[type, str] = {
    CleaningCounted: "cleaning",
    RunPredicted: "prediction",
    RunMeasured: "measured",
}
"""Events of which only the newest says how things stand."""


def _change(state: RunState, event: AnyEvent) -> dict[str, object]:
    match event:
        case RunCreated():
            return {"name": event.name, "kind": event.kind, "created_at": event.time}
        case RunRenamed():
            return {"name": event.name}
        case RunQueued():
            return {"status": "queued", "error": None, "ended_at": None}
        case NodeDecided():
            return {"nodes": {**state.nodes, event.node: event}, **_running(state, event.time)}
        case AttemptStarted():
            return _start_attempt(state, event)
        case AttemptEnded():
            return _end_attempt(state, event)
        case StopRequested():
            return {"status": "stopping"} if state.status == "running" else {}
        case RunDone() | RunStopped() | RunFailed():
            return {**_end_run(event), "work": _end_work(state, event.time)}
        case RunProgress():
            is_same = state.progress is not None and state.progress.phase == event.phase
            since = state.progress_started_at if is_same else event.time
            return {"progress": event, "progress_started_at": since}
        case CheckpointSaved():
            others = tuple(e for e in state.checkpoints if e.step != event.step)
            return {"checkpoints": (*others, event)}  # a resumed attempt says again where it starts
        case CheckpointDropped():
            return {"checkpoints": tuple(e for e in state.checkpoints if e.step != event.step)}
        case _:
            return _gather(state, event)


def _gather(state: RunState, event: AnyEvent) -> dict[str, object]:
    if (field := COLLECTED.get(type(event))) is not None:
        return {field: (*getattr(state, field), event)}
    if (field := REPLACED.get(type(event))) is not None:
        return {field: event}
    return {}


def is_kept(step: int | None, from_step: int) -> bool:
    """Whether a fact of an earlier attempt still counts: one that starts from nothing says everything anew."""
    return from_step > 0 and (step or 0) <= from_step


def _running(state: RunState, time: str) -> dict[str, object]:
    return {
        "status": "running",
        "error": None,
        "ended_at": None,
        "started_at": state.started_at or time,
        "work": state.work if _is_at_work(state) else (*state.work, WorkSpan(started_at=time)),
    }


def _is_at_work(state: RunState) -> bool:
    return bool(state.work) and state.work[-1].ended_at is None


def _end_work(state: RunState, time: str) -> tuple[WorkSpan, ...]:
    if not _is_at_work(state):
        return state.work
    return (*state.work[:-1], state.work[-1].model_copy(update={"ended_at": time}))


def _end_run(event: RunDone | RunStopped | RunFailed) -> dict[str, object]:
    match event:
        case RunDone():
            return {"status": "done", "outputs": event.outputs, "ended_at": event.time}
        case RunStopped():
            return {"status": "stopped", "ended_at": event.time}
        case RunFailed():
            return {"status": "failed", "error": event.error, "ended_at": event.time}


def _start_attempt(state: RunState, event: AttemptStarted) -> dict[str, object]:
    attempt = AttemptState(
        number=event.attempt,
        started_at=event.time,
        from_step=event.from_step,
        is_bit_exact=event.is_bit_exact,
        caveats=event.caveats,
    )
    start = event.from_step
    return {
        **_running(state, event.time),
        "attempts": (*state.attempts, attempt),
        "progress": None,
        "progress_started_at": None,
        "cleaning": None,
        "checkpoints": tuple(e for e in state.checkpoints if is_kept(e.step, start)),
        "evaluations": tuple(e for e in state.evaluations if is_kept(e.step, start)),
        "layers": tuple(e for e in state.layers if is_kept(e.step, start)),
        "samples": tuple(e for e in state.samples if is_kept(e.step, start)),
        "tracked_prompts": tuple(e for e in state.tracked_prompts if is_kept(e.step, start)),
        "findings": tuple(e for e in state.findings if is_kept(e.step, start)),
        "growth": state.growth if is_kept(None, start) else (),
    }


def _end_attempt(state: RunState, event: AttemptEnded) -> dict[str, object]:
    ended = tuple(
        attempt.model_copy(
            update={"outcome": event.outcome, "ended_at": event.time, "error": event.error}
        )
        if attempt.number == event.attempt
        else attempt
        for attempt in state.attempts
    )
    return {"attempts": ended, "work": _end_work(state, event.time)}
