"""Schedules at their borders."""

import pytest

from glassworks.lm.train.schedules import SCHEDULES
from glassworks.lm.train.schedules.cosine import Cosine, CosineConfig
from glassworks.lm.train.schedules.linear import Linear, LinearConfig
from glassworks.lm.train.schedules.warmup_stable_decay import (
    WarmupStableDecay,
    WarmupStableDecayConfig,
)


def factors(kind: str, num_steps: int) -> list[float]:
    cls = SCHEDULES.load(kind)
    schedule = cls(cls.Config.model_validate({}), num_steps)
    return [schedule.factor(step) for step in range(1, num_steps + 1)]


@pytest.mark.parametrize("kind", SCHEDULES.names())
@pytest.mark.parametrize("num_steps", [1, 2, 3, 50, 1000])
def test_every_step_moves_and_none_too_far(kind: str, num_steps: int) -> None:
    found = factors(kind, num_steps)
    assert all(0 < factor <= 1 for factor in found)


@pytest.mark.parametrize("kind", SCHEDULES.names())
def test_the_rate_rises_then_never_rises_again(kind: str) -> None:
    found = factors(kind, 500)
    top = found.index(max(found))
    assert top == 9  # 2 % of 500 steps
    assert found[: top + 1] == sorted(found[: top + 1])
    assert found[top:] == sorted(found[top:], reverse=True)


def test_warm_up_hold_decay() -> None:
    config = WarmupStableDecayConfig(warmup=0.1, decay=0.4)
    schedule = WarmupStableDecay(config, 100)
    assert schedule.factor(1) == pytest.approx(0.1)
    assert schedule.factor(10) == 1
    assert schedule.factor(60) == 1
    assert schedule.factor(61) == pytest.approx(40 / 41)
    assert schedule.factor(100) == pytest.approx(1 / 41)


def test_without_warm_up_and_decay_the_rate_is_constant() -> None:
    schedule = WarmupStableDecay(WarmupStableDecayConfig(warmup=0, decay=0), 10)
    assert {schedule.factor(step) for step in range(1, 11)} == {1.0}


def test_the_fall_aims_at_the_final_factor() -> None:
    stable = WarmupStableDecay(WarmupStableDecayConfig(final_factor=0.5), 1000)
    assert stable.factor(1000) == pytest.approx(0.5, abs=0.01)
    cosine = Cosine(CosineConfig(final_factor=0.1), 1000)
    assert cosine.factor(1000) == pytest.approx(0.1, abs=0.01)


def test_cosine_is_half_way_in_the_middle() -> None:
    cosine = Cosine(CosineConfig(warmup=0, final_factor=0), 99)
    assert cosine.factor(50) == pytest.approx(0.5)


def test_linear_falls_by_the_same_amount_at_each_step() -> None:
    linear = Linear(LinearConfig(warmup=0.1, final_factor=0.2), 100)
    assert linear.factor(10) == 1
    falls = [linear.factor(step) - linear.factor(step + 1) for step in range(10, 100)]
    assert falls == pytest.approx([0.8 / 91] * 90)
    assert linear.factor(100) == pytest.approx(0.2 + 0.8 / 91)
