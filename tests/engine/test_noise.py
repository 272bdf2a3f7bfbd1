"""Within noise or beyond it: each rule on figures that can be worked out by hand."""

import math
from statistics import NormalDist

import pytest

from glassworks.engine.noise import Side, judge, student_t


def side(*values: float, seeds: tuple[int, ...] = ()) -> Side:
    return Side(dict(zip(seeds or range(100, 100 + len(values)), values, strict=True)))


def test_three_shared_seeds_are_paired() -> None:
    a, b = side(1.0, 2.0, 3.0, seeds=(1, 2, 3)), side(0.9, 1.88, 2.92, seeds=(1, 2, 3))
    found = judge(a, b)
    assert found.rule == "paired"
    assert found.difference == pytest.approx(-0.1)
    assert found.margin == pytest.approx(4.303 * 0.02 / math.sqrt(3), rel=1e-3)
    assert found.is_beyond is True, "the spread between seeds is large, but each moves alike"


def test_other_seeds_are_compared_by_welch() -> None:
    found = judge(side(1.0, 1.2, seeds=(1, 2)), side(1.1, 1.3, seeds=(3, 4)))
    assert found.rule == "welch"
    assert found.margin == pytest.approx(4.303 * math.sqrt(0.02), rel=1e-3)
    assert found.is_beyond is False


def test_the_spread_of_one_side_is_taken_for_both() -> None:
    found = judge(side(1.0, 1.2), side(1.5))
    assert found.rule == "one-side"
    assert found.margin == pytest.approx(12.706 * math.sqrt(0.02) * math.sqrt(1.5), rel=1e-3)
    assert found.is_beyond is False, "two seeds say very little"


def test_an_interval_says_what_it_leaves_out() -> None:
    found = judge(Side({1: 1.0}, (0.99, 1.01)), Side({1: 1.1}, (1.09, 1.11)))
    assert found.rule == "interval"
    assert found.margin == pytest.approx(math.hypot(0.01, 0.01))
    assert found.is_beyond is True
    assert "Another seed" in found.words


def test_one_run_each_cannot_say() -> None:
    found = judge(side(1.0), side(2.0))
    assert (found.rule, found.margin, found.is_beyond) == ("unknown", None, None)


def test_equal_values_are_within_noise() -> None:
    assert judge(side(1.0, 1.0), side(1.0, 1.0)).is_beyond is False


def test_student_t_falls_to_the_normal_quantile() -> None:
    quantiles = [student_t(freedom) for freedom in range(1, 400)]
    assert quantiles == sorted(quantiles, reverse=True)
    assert student_t(30) == pytest.approx(2.042, abs=2e-3)
    assert quantiles[-1] == pytest.approx(NormalDist().inv_cdf(0.975), abs=0.01)
