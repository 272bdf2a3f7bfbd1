"""What earlier runs teach: the expected time, and how far a prediction would have missed."""

import pytest

from glassworks.specs.speed import SpeedHistory, SpeedPoint


def history(*utilizations: float, **fields: float) -> SpeedHistory:
    points = [SpeedPoint.model_validate({"utilization": u, **fields}) for u in utilizations]
    return SpeedHistory(points=tuple(points))


def test_nothing_is_known_without_runs() -> None:
    assert history().utilization is None
    assert history().duration_s(10.0) is None
    assert history().error is None
    assert history(0.4).error is None


def test_the_error_is_the_greatest_miss_of_a_prediction_from_the_other_runs() -> None:
    known = history(0.5, 0.4, 0.4)
    assert known.utilization == 0.4
    assert known.error == pytest.approx(0.25)  # 0.5 reached where 0.4 was expected


def test_a_time_has_a_start_the_steps_and_what_goes_beside_them() -> None:
    known = history(0.5, start_s=4.0, other_share=0.25, loop_s=20.0)
    assert known.duration_s(10.0) == pytest.approx(4 + 10 / 0.5 * 1.25)
    assert known.points[0].wall_s == pytest.approx(4 + 20 * 1.25)


def test_the_memory_beside_the_model_is_the_median_of_what_runs_held() -> None:
    points = (SpeedPoint(utilization=0.5, beside_bytes=n) for n in (3, 9, 5))
    old = SpeedPoint(utilization=0.5)
    assert SpeedHistory(points=(old, *points)).beside_bytes == 5
    assert SpeedHistory(points=(old,)).beside_bytes is None


def test_runs_of_a_similar_size_on_the_same_device_teach_most() -> None:
    small = SpeedPoint(where="cpu/fp32", utilization=0.2, parameters=1_000_000)
    large = SpeedPoint(where="cpu/fp32", utilization=0.6, parameters=100_000_000)
    fast = SpeedPoint(where="cuda/bf16", utilization=0.4, parameters=1_000_000)
    known = SpeedHistory(points=(small, large, fast))
    assert known.near("cpu/fp32", 2_000_000).points == (small,)
    assert known.near("cpu/fp32", 50_000_000).points == (large,)
    assert known.near("cpu/fp32", 10_000_000).points == (small, large), "none is near: all there"
    assert known.near("cuda/bf16", 10**9).points == (fast,)
    assert known.near("mps/fp32", 1_000_000).points == ()


def test_runs_of_another_world_of_sizes_are_told_from_those_that_teach() -> None:
    known = history(0.2, 0.3, parameters=1_000_000)
    assert not known.is_far(50_000_000)
    assert known.is_far(100_000_000)
    assert known.is_far(10_000)
    assert not history(0.2).is_far(10**9), "whose size nobody knows"
