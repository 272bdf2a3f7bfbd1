"""The rules are pure folds, and the watch tells a finding once per occurrence. Made-up facts: nothing is trained."""

import copy
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from glassworks.lm.train.config import TrainConfig
from glassworks.lm.train.diagnostics import DIAGNOSTICS
from glassworks.lm.train.diagnostics.base import Broken, Evaluated, Fact, Layers, Plan, Step
from glassworks.lm.train.watch import AWAY, MOST_TOLD, WATCH_FILE, Watch, code_of
from glassworks.specs.events import AttemptEvent, FindingRaised

PLAN = Plan(TrainConfig(steps=400), 500, {"": 20.0}, memory_limit_bytes=1000)


def row(step: int, loss: float, memory: int = 10) -> Step:
    times = {"data_s": 0.9, "forward_s": 0.1, "backward_s": 0.1, "optimizer_s": 0.1}
    figures = {"loss": loss, "learning_rate": 0.02, "gradient_norm": 1.0, "memory_bytes": memory}
    return Step(step, {"step": step, **figures, **times})


def story() -> Iterator[Fact]:
    """A run that has nearly every fault, one after the other."""
    for step in range(1, 401):
        calm = 6.2 - 0.02 * min(step, 150) + 0.01 * math.sin(step)
        yield row(step, calm + (9 if step == 60 else 0) + (4 if step > 320 else 0), 10 * step)
        if step % 20 == 0:
            yield Evaluated(step, {"validation_loss": 3 + abs(step - 100) / 100})
            yield Layers(step, {"dead_share": (0.1, 0.9), "attention_entropy": (None, 0.01)})
    yield Broken(401, "the loss is nan", "the weights head.weight")


def said(watch_story: Iterator[Fact]) -> list[tuple[str, int | None]]:
    events: list[AttemptEvent] = []
    watch = Watch(PLAN, events.append)
    for fact in watch_story:
        watch.see(fact)
    return [(e.code, e.step) for e in events if isinstance(e, FindingRaised)]


@pytest.mark.parametrize("name", DIAGNOSTICS.names())
def test_a_rule_changes_nothing_that_it_was_given(name: str) -> None:
    rule = DIAGNOSTICS.load(name)
    memory: dict[str, object] = {}
    for fact in story():
        before = copy.deepcopy(memory)
        after, verdict = rule.see(memory, fact, PLAN)
        assert memory == before
        assert json.loads(json.dumps(after)) == after
        assert rule.see(before, fact, PLAN) == (after, verdict)
        memory = after
    assert rule.source
    assert rule.within >= 0


def test_faults_are_told_in_their_order() -> None:
    found = said(story())
    first = dict(reversed(found))
    silent = {"learning-rate-high", "learning-rate-low"}
    assert set(first) == {code_of(name) for name in DIAGNOSTICS.names()} - silent - {"plateau"}
    assert first["data-repeating"] == 1
    assert first["spike"] == 64
    assert first["nan"] == 401
    assert first["divergence"] is not None
    assert 320 < first["divergence"] <= 320 + DIAGNOSTICS.load("divergence").within


def test_a_watch_that_was_saved_goes_on(tmp_path: Path) -> None:
    facts = list(story())
    whole = said(iter(facts))
    for cut in (1, 70, 300, 445):
        events: list[AttemptEvent] = []
        first = Watch(PLAN, events.append)
        for fact in facts[:cut]:
            first.see(fact)
        (tmp_path / WATCH_FILE).write_text(first.to_json(), "utf-8")
        second = Watch(PLAN, events.append)
        second.load(tmp_path)
        for fact in facts[cut:]:
            second.see(fact)
        assert [(e.code, e.step) for e in events if isinstance(e, FindingRaised)] == whole


def test_a_lasting_fault_is_told_once_and_a_returning_one_a_few_times() -> None:
    def memory_of(pattern: str) -> list[int | None]:
        story = (row(n, 5.0, 999 if full == "x" else 1) for n, full in enumerate(pattern, 1))
        return [step for code, step in said(story) if code == "memory-near-limit"]

    assert memory_of("x" * 200) == [1]
    assert memory_of("x" + "." * (AWAY - 1) + "x") == [1]
    assert memory_of("x" + "." * AWAY + "x") == [1, AWAY + 2]
    assert len(memory_of(("x" + "." * AWAY) * 6)) == MOST_TOLD
