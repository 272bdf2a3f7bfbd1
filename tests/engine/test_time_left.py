"""How long a run will still take: the phase that runs, and the trainings that wait behind it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from glassworks.engine.time_left import run_left_s
from glassworks.specs.events import RunProgress
from glassworks.specs.flow import (
    NodeSpec,
    PlannedInput,
    PlannedNode,
    PlanSpec,
    RecipeSpec,
    RungPlan,
    SweepPlan,
)
from glassworks.specs.run import AttemptState, RunSpec, RunState, WorkSpan


def ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def training(name: str, steps: int) -> PlannedNode:
    architecture = PlannedInput(kind="architecture", artifact="0" * 64)
    return planned(name, {"steps": steps}, {"architecture": architecture})


def planned(name: str, config: dict[str, Any], inputs: dict[str, PlannedInput]) -> PlannedNode:
    return PlannedNode(
        name=name, stage="any", version=1, config=config, hashed_config=config, inputs=inputs, outputs={}
    )  # fmt: skip


def flow(*nodes: PlannedNode, rungs: int = 0) -> RunSpec:
    recipe = RecipeSpec(name="r", title="R", output="a.b", nodes={"a": NodeSpec(stage="any")})
    sweep = SweepPlan(
        base=recipe,
        fields=(),
        metric="bits_per_byte",
        is_lower_better=True,
        variants=(),
        rungs=(RungPlan(steps=None, num_kept=1),) * rungs,
    )
    plan = PlanSpec(recipe=recipe, output_name="r", nodes=nodes, sweep=sweep if rungs else None)
    return RunSpec(id="r" * 10, kind="flow", name="r", key="k", created_at=ago(200), plan=plan)


def running(done: int, total: int, spent_s: float) -> RunState:
    progress = RunProgress(time=ago(0), done=done, total=total, unit="steps", phase="training")
    since = ago(spent_s)
    work = (WorkSpan(started_at=since),)
    return RunState(status="running", work=work, progress=progress, progress_started_at=since)


DONE = RunState(
    status="done",
    work=(
        WorkSpan(started_at=ago(900), ended_at=ago(890)),
        WorkSpan(started_at=ago(90), ended_at=ago(60)),
    ),
)
"""Took 40 s; what it was paused is not counted."""


def test_what_runs_goes_by_its_own_rate() -> None:
    alone = flow(planned("tokens", {}, {}), training("train", 40))
    assert run_left_s(alone, {"train": running(10, 40, 10)}) == pytest.approx(30, abs=1)
    assert run_left_s(alone, {"train": running(10, 40, 1)}) is None, "too young to tell"


def test_what_an_earlier_attempt_did_took_its_own_time() -> None:
    """750 of 1,000 steps were there when it was resumed ten seconds ago, and ten more are now."""
    resumed = running(760, 1000, 10).model_copy(
        update={"attempts": (AttemptState(number=2, started_at=ago(10), from_step=750),)}
    )
    left = run_left_s(flow(training("train", 1000)), {"train": resumed})
    assert left == pytest.approx(240, abs=2)


def test_trainings_that_wait_take_what_a_step_took() -> None:
    two = flow(training("first", 40), training("second", 80), planned("evaluate", {}, {}))
    left = run_left_s(two, {"first": running(10, 40, 10)})
    assert left == pytest.approx(30 + 80, abs=3)
    sweep = flow(*(training(f"train-{i}", 20) for i in range(4)), rungs=1)
    left = run_left_s(sweep, {"train-0": DONE, "train-1": running(10, 20, 20)})
    assert left == pytest.approx(20 + 2 * 40, abs=5)


def test_what_cannot_be_known_is_not_told() -> None:
    before = flow(planned("tokens", {}, {}), training("train", 40))
    assert run_left_s(before, {"tokens": running(10, 40, 10)}) is None, "no step was seen"
    halving = flow(training("a", 20), training("b", 20), rungs=2)
    assert run_left_s(halving, {"a": running(10, 20, 10)}) is None, "b may be given up"
    assert run_left_s(before, {"tokens": DONE}) is None, "nothing runs"
