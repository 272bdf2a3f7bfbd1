"""One node of a run in short words: its state, the one fact that its result is known by, its time, why it runs.

In: a `NodeView` and the artifact store (manifests only). Out: plain text. Facts go by the kind of artifact, not by the
stage, so that a new stage needs no word here.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from glassworks.cli import numbers
from glassworks.common.errors import GlassworksError
from glassworks.engine.follow import NodeView
from glassworks.engine.time_left import phase_left_s
from glassworks.specs.run import RunState
from glassworks.storage.artifacts import ArtifactStore

MARKS = {
    "waiting": ("○", "quiet"),
    "queued": ("◌", "quiet"),
    "running": ("◐", "molten"),
    "stopping": ("◐", "molten"),
    "done": ("●", "none"),
    "reused": ("◉", "none"),
    "stopped": ("■", "none"),
    "interrupted": ("■", "warn"),
    "failed": ("×", "bad"),
}
"""State -> its shape and style; the word always stands beside it."""
WORDS = {"stopping": "saving"}
LONG_HASH = re.compile(r"\b[0-9a-f]{64}\b")


def fact_of(view: NodeView, artifacts: ArtifactStore) -> str:
    """What the node made, e.g. `38 documents, 5.31 MB`; empty while there is nothing."""
    state = view.state
    if state is None or view.status not in ("done", "reused"):
        return ""
    found = [(name, _fact(artifacts, artifact)) for name, artifact in state.outputs.items()]
    facts = [(name, fact) for name, fact in found if fact]
    firsts = ", ".join(f"{name} {fact.partition(', ')[0]}" for name, fact in facts)
    text = facts[0][1] if len(facts) == 1 else firsts
    validation = last_validation(state)
    is_new = text and validation is not None and validation[1] not in text
    return f"{text}, {validation[1]}" if is_new and validation else text


def last_validation(state: RunState) -> tuple[int, str] | None:
    """(step, `1.919 bits/byte`) of the newest evaluation, or the loss where there are no bytes to count."""
    for event in reversed(state.evaluations):
        if (bits := event.values.get("bits_per_byte")) is not None:
            interval = event.intervals.get("bits_per_byte")
            return event.step, f"{numbers.loss_between(bits, interval)} bits/byte"
        if (nats := event.values.get("validation_loss")) is not None:
            interval = event.intervals.get("validation_loss")
            return event.step, f"{numbers.loss_between(nats, interval)} nats/token"
    return None


def reason_of(view: NodeView) -> str:
    """Why the node runs (or whose result it reuses) where that says something; else empty."""
    decision = view.decision
    if decision is None or not decision.reason or decision.reason in ("never run", "asked for"):
        return ""
    if decision.action == "reuse":
        return f"from run {decision.run}"
    if decision.action == "resume":
        return f"goes on with run {decision.run}{_from_step(view)}"
    changes = list(map(_change, decision.changes)) or [_change(decision.reason)]
    return f"runs because {'; '.join(changes)}"


def is_consequence(view: NodeView) -> bool:
    """Whether the node runs only because one before it made something else."""
    changes = view.decision.changes if view.decision is not None else ()
    return bool(changes) and all(change.startswith("input ") for change in changes)


def _change(text: str) -> str:
    """A change in words; which artifact an input was says nothing to a person, and long hashes are cut."""
    if text.startswith("input "):
        return f"its {text.partition(':')[0]} changed"
    return LONG_HASH.sub(lambda found: found.group()[:12], text)


def remarks_of(view: NodeView) -> list[str]:
    """What a person should know of this run of the node: damaged states, a resume that is not exact, findings."""
    state = view.state
    if state is None or view.status == "reused":
        return []
    remarks = [
        f"the state saved at step {numbers.exact(e.step)} is set aside: {e.reason}"
        for e in state.set_aside
    ]
    if state.attempts and state.attempts[-1].caveats:
        remarks.append(f"not bit-exact since the resume ({'; '.join(state.attempts[-1].caveats)})")
    return remarks + [f"{e.level}: {e.message}" for e in state.findings]


def time_of(view: NodeView) -> float | None:
    """Seconds at work so far; None before it began, and for a reused result."""
    state = view.state
    if state is None or view.status == "reused" or not state.work:
        return None
    return state.spent_s


def time_left(view: NodeView) -> float | None:
    """Seconds until the current phase ends at the pace it has had so far; None when that is not known yet."""
    return phase_left_s(view.state) if view.state else None


def mean_of_last(rows: list[dict[str, float]], name: str, num: int = 20) -> float | None:
    """Mean of a metric over the newest rows; one step alone is too noisy to read."""
    values = [row[name] for row in rows[-num:] if name in row]
    return sum(values) / len(values) if values else None


def _from_step(view: NodeView) -> str:
    state = view.state
    step = state.attempts[-1].from_step if state and state.attempts else 0
    return f" from step {numbers.exact(step)}" if step else ""


@lru_cache(maxsize=256)  # asked for with every frame, and an artifact never changes
def _fact(artifacts: ArtifactStore, artifact: str) -> str:
    try:
        manifest = artifacts.manifest(artifact)
    except GlassworksError:
        return "no longer in the store"
    words = FACTS.get(manifest.kind, _no_words)(manifest.summary)
    return words or numbers.size(manifest.size_bytes)


def _no_words(summary: dict[str, Any]) -> str:
    return ""


def _documents(summary: dict[str, Any]) -> str:
    documents, num_bytes = summary.get("documents"), summary.get("bytes")
    parts = [numbers.plural(documents, "document")] if documents is not None else []
    return ", ".join([*parts, *([numbers.size(num_bytes)] if num_bytes is not None else [])])


def _vocabulary(summary: dict[str, Any]) -> str:
    vocab_size = summary.get("vocab_size")
    return f"vocabulary of {numbers.exact(vocab_size)}" if vocab_size else ""


def _tokens(summary: dict[str, Any]) -> str:
    tokens = summary.get("tokens")
    return numbers.plural(tokens, "token") if tokens is not None else ""


def _parameters(summary: dict[str, Any]) -> str:
    parameters, step = summary.get("parameters"), summary.get("step")
    if parameters:
        return numbers.plural(parameters, "parameter")
    return f"step {numbers.exact(step)}" if step is not None else ""


def _evaluation(summary: dict[str, Any]) -> str:
    """Bits per byte, then the scores (shares)."""
    bits = summary.get("bits_per_byte")
    interval = summary.get("intervals", {}).get("bits_per_byte")
    parts = []
    if isinstance(bits, int | float):
        parts.append(f"{numbers.loss_between(bits, interval)} bits/byte")
    for name, value in summary.items():
        if isinstance(value, int | float) and name not in ("bits_per_byte", "validation_loss"):
            parts.append(f"{name.replace('_', ' ')} {numbers.share(value)}")
    return ", ".join(parts)


def _described(summary: dict[str, Any]) -> str:
    return ", ".join(filter(None, [_documents(summary), _tokens(summary)]))


FACTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "dataset": _documents,
    "tokenizer": _vocabulary,
    "tokens": _tokens,
    "checkpoint": _parameters,
    "evaluation": _evaluation,
    "description": _described,
}
