"""What is new in a run since the last look, one fact after another: for pipes, logs and `watch --json`.

In: a `FlowFollower`, polled. Out: `Fact`s, each with a line for people and fields for programs. Low-rate facts come
once each, whatever happens in between two looks; training figures come as the newest row, at most one in `every_s`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from glassworks.cli import numbers
from glassworks.cli.display import promise, summary
from glassworks.cli.display.remedies import recipe_of, remedy_command
from glassworks.cli.display.sample import one_line
from glassworks.common.clock import monotonic_s
from glassworks.engine.follow import FlowFollower, NodeView
from glassworks.specs.events import EvaluationRecorded, SampleDrawn
from glassworks.specs.run import RunState

SAMPLE_WIDTH = 100


@dataclass(frozen=True)
class Fact:
    """`type` is `run`, `decision`, `prediction`, `figures`, `evaluation`, `sample`, `finding`, `set_aside`, `attempt`,
    `measured` or `end`."""

    type: str
    text: str
    node: str = ""
    fields: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        where = {"node": self.node} if self.node else {}
        return {"type": self.type, **where, **self.fields}


@dataclass
class Seen:
    """How much of one node was told already."""

    run: str = ""
    action: str = ""
    attempts: int = 0
    told: set[tuple[str, str]] = field(default_factory=set)
    """Type and time of the evaluations and samples that were told."""
    findings: int = 0
    set_aside: int = 0
    step: float = -1
    phase: str = ""
    told_at: float = 0.0
    is_ended: bool = False
    is_promised: bool = False


class FactStream:
    """Remembers what was told. Asked again after every `poll` of the follower."""

    def __init__(self, follower: FlowFollower, every_s: float = 10.0) -> None:
        self.follower = follower
        self.every_s = every_s
        self._seen: dict[str, Seen] = {}
        self._is_opened = False

    def news(self) -> Iterator[Fact]:
        """Everything that is new, in the order of the stages."""
        if not self._is_opened:
            self._is_opened = True
            yield self._opening()
        for name, view in self.follower.nodes.items():
            if view.decision is not None and view.state is not None:
                yield from self._node_news(view, self._seen.setdefault(name, Seen()))

    def _opening(self) -> Fact:
        spec = self.follower.spec
        title = spec.plan.recipe.title if spec.plan else spec.name
        fields = {"run": spec.id, "name": spec.name, "nodes": list(self.follower.nodes)}
        return Fact("run", f"run {spec.id}: {title}", fields=fields)

    def _node_news(self, view: NodeView, seen: Seen) -> Iterator[Fact]:
        state, decision = view.state, view.decision
        assert state is not None and decision is not None
        if (seen.run, seen.action) != (decision.run, decision.action):
            seen.run, seen.action, seen.is_ended = decision.run, decision.action, False
            yield self._decision(view)
        if decision.action == "reuse":
            return
        yield from self._promised(view, state, seen)
        yield from self._caveats(view, state, seen)
        yield from self._measured(view, state, seen)
        yield from self._figures(view, state, seen)
        if view.status in ("done", "stopped", "failed") and not seen.is_ended:
            seen.is_ended = True
            yield self._end(view)
            yield from self._taken(view, state)

    def _decision(self, view: NodeView) -> Fact:
        assert view.decision is not None
        decision = view.decision
        fields = {
            "action": decision.action,
            "run": decision.run,
            "reason": decision.reason,
            "changes": list(decision.changes),
        }
        reason = summary.reason_of(view)
        if decision.action == "reuse":
            fact = summary.fact_of(view, self.follower.store.artifacts)
            text = f"{view.name}: reused {reason}" + (f" ({fact})" if fact else "")
        else:
            text = f"{view.name} {reason}" if reason else f"{view.name}: started"
        return Fact("decision", text, view.name, fields)

    def _promised(self, view: NodeView, state: RunState, seen: Seen) -> Iterator[Fact]:
        if state.prediction is not None and not seen.is_promised:
            seen.is_promised = True
            text = f"{view.name}: expected {promise.expected(state.prediction)}"
            fields = state.prediction.to_json() | {"type": "prediction"}
            yield Fact("prediction", text, view.name, fields)

    def _taken(self, view: NodeView, state: RunState) -> Iterator[Fact]:
        if state.prediction is not None and state.measured is not None:
            text = f"{view.name}: {promise.compared(state.prediction, state.measured)}"
            fields = state.measured.to_json() | {"type": "measured"}
            yield Fact("measured", text, view.name, fields)

    def _caveats(self, view: NodeView, state: RunState, seen: Seen) -> Iterator[Fact]:
        for event in state.set_aside[seen.set_aside :]:
            text = f"{view.name}: the state saved at step {numbers.exact(event.step)} is set aside: {event.reason}"
            yield Fact("set_aside", text, view.name, event.to_json() | {"type": "set_aside"})
        seen.set_aside = len(state.set_aside)
        for attempt in state.attempts[seen.attempts :]:
            if attempt.from_step:
                exact = (
                    ""
                    if attempt.is_bit_exact
                    else f", not bit-exact ({'; '.join(attempt.caveats)})"
                )
                step = numbers.exact(attempt.from_step)
                text = f"{view.name}: attempt {attempt.number} goes on from step {step}{exact}"
                yield Fact("attempt", text, view.name, attempt.to_json())
        seen.attempts = len(state.attempts)

    def _measured(self, view: NodeView, state: RunState, seen: Seen) -> Iterator[Fact]:
        for finding in state.findings[seen.findings :]:
            command = remedy_command(finding, view.name, recipe_of(self.follower))
            fields = {**finding.model_dump(mode="json", exclude={"type", "time"}), "try": command}
            text = f"{view.name}: {finding.level}: {finding.message}"
            text += f" {finding.cause}" if finding.cause else ""
            text += f" Try: {command}" if command else ""
            yield Fact("finding", text, view.name, fields)
        seen.findings = max(seen.findings, len(state.findings))
        events: list[EvaluationRecorded | SampleDrawn] = [*state.evaluations, *state.samples]
        new = [event for event in events if (event.type, event.time) not in seen.told]
        for event in sorted(new, key=lambda event: event.step):
            seen.told.add((event.type, event.time))
            if isinstance(event, EvaluationRecorded):
                yield Fact("evaluation", *_evaluation(view, event))
            else:
                yield Fact("sample", *_sample(view, event.step, event.prompt, event.text))

    def _figures(self, view: NodeView, state: RunState, seen: Seen) -> Iterator[Fact]:
        if state.progress is None or view.status not in ("running", "stopping"):
            return
        step = view.rows[-1]["step"] if view.rows else state.progress.done
        is_due = monotonic_s() - seen.told_at >= self.every_s
        is_new_phase = state.progress.phase != seen.phase
        if is_new_phase and seen.phase == "":
            seen.phase, seen.told_at = state.progress.phase, monotonic_s()
        elif 0 < step < state.progress.total and step != seen.step and (is_due or is_new_phase):
            seen.phase, seen.step, seen.told_at = state.progress.phase, step, monotonic_s()
            yield Fact("figures", *_figures(view, state))

    def _end(self, view: NodeView) -> Fact:
        seconds = summary.time_of(view)
        time = f" in {numbers.duration(seconds)}" if seconds is not None else ""
        fact = summary.fact_of(view, self.follower.store.artifacts)
        text = f"{view.name}: {view.status}{time}" + (f" ({fact})" if fact else "")
        fields: dict[str, Any] = {"state": view.status, "duration_s": seconds}
        if view.state is not None:
            fields["outputs"] = view.state.outputs
        return Fact("end", text, view.name, fields)


def _figures(view: NodeView, state: RunState) -> tuple[str, str, dict[str, Any]]:
    progress = state.progress
    assert progress is not None
    done = max(progress.done, view.rows[-1]["step"]) if view.rows else progress.done
    parts = [f"{numbers.exact(done)} of {numbers.exact(progress.total)} {progress.unit}"]
    loss, speed = (summary.mean_of_last(view.rows, name) for name in ("loss", "tokens_per_s"))
    parts += [f"loss {numbers.loss(loss)} nats/token"] if loss is not None else []
    parts += [f"{numbers.count(speed)} tok/s"] if speed is not None else []
    left = summary.time_left(view)
    parts += [f"{numbers.duration(left)} left"] if left is not None else []
    fields: dict[str, Any] = {
        "phase": progress.phase,
        "done": done,
        "total": progress.total,
        "unit": progress.unit,
        "time_left_s": left,
    }
    if view.rows:
        fields["row"] = view.rows[-1]
    return f"{view.name}: {progress.phase}, {', '.join(parts)}", view.name, fields


def _evaluation(view: NodeView, event: EvaluationRecorded) -> tuple[str, str, dict[str, Any]]:
    words = ", ".join(
        f"{name.replace('_', ' ')} {numbers.loss_between(value, event.intervals.get(name))}"
        for name, value in event.values.items()
    )
    text = f"{view.name}: step {numbers.exact(event.step)}, {words}"
    fields = {"step": event.step, "values": event.values, "intervals": event.intervals}
    return text, view.name, fields


def _sample(view: NodeView, step: int, prompt: str, text: str) -> tuple[str, str, dict[str, Any]]:
    shown = one_line(prompt + text, SAMPLE_WIDTH)
    line = f"{view.name}: sample at step {numbers.exact(step)}: {shown}"
    return line, view.name, {"step": step, "prompt": prompt, "text": text}
