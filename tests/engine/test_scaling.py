"""A scaling law: found again where it was put in, honest where it is weak, promised and checked."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from glassworks.common.errors import InvalidSpec
from glassworks.engine.power_law import Point, Spread, bootstrap, fit, interval_at
from glassworks.engine.scaling import (
    fit_points,
    predicted_final_loss,
    promise,
    promises,
    scaling_fit,
)
from glassworks.engine.workshop import Workshop
from glassworks.specs.scaling import ScalePoint
from glassworks.storage.store import Store
from tests.engine.trained_stores import TOKENS_PER_STEP, add_training

SIZES = (1e4, 4e4, 1.6e5, 6.4e5)


def law(x: float) -> float:
    return float(1.5 + 40 * x**-0.3)


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Workshop() as workshop:
        yield workshop.store


def test_a_law_without_noise_is_found_again() -> None:
    found = fit([Point(x, law(x)) for x in SIZES])
    assert found.exponent == pytest.approx(0.3, rel=0.02)
    assert found.floor == pytest.approx(1.5, abs=0.03)
    assert found.at(1e7) == pytest.approx(law(1e7), abs=0.02)


def test_the_floor_of_a_loss_is_never_negative() -> None:
    found = fit([Point(x, 40 * x**-0.05 - 20) for x in SIZES])
    assert found.floor == 0.0


def test_intervals_hold_what_they_say() -> None:
    """Of 40 laws with noise of a known size, about 95 of 100 intervals hold the next run; far fewer would be a lie."""
    source = random.Random(5)
    held = 0
    for number in range(40):
        points = [Point(x, law(x) + source.gauss(0, 0.02)) for x in SIZES]
        found = fit(points)
        laws = bootstrap(found, points, Spread(0.02, None), seed=number, num=80)
        low, high = interval_at(laws, Spread(0.02, None), 2.5e6, seed=number)
        held += low <= law(2.5e6) + source.gauss(0, 0.02) <= high
    assert held >= 32


def points(sizes: tuple[float, ...], spread: float | None = None) -> list[ScalePoint]:
    num = 3 if spread else 1
    return [
        ScalePoint(run=f"r{x:g}", name="n", x=x, value=law(x), num_seeds=num, spread=spread)
        for x in sizes
    ]


def test_three_sizes_say_how_weak_they_are() -> None:
    found = fit_points(points(SIZES[:3]), "parameters", "validation_loss", (1e8,))
    assert "nothing is left to test it" in found.remarks[0]
    assert found.sigma_source == "assumed"
    assert any("assumption" in remark for remark in found.remarks)
    assert any("seldom right that far" in remark for remark in found.remarks)
    (far,) = found.predictions
    assert far.low < far.value < far.high


def test_seeds_make_the_interval_what_they_are() -> None:
    calm = fit_points(points(SIZES, 0.001), "parameters", "validation_loss", (1e7,))
    wild = fit_points(points(SIZES, 0.1), "parameters", "validation_loss", (1e7,))
    assert (calm.sigma_source, wild.sigma_source) == ("seeds", "seeds")
    widths = [one.predictions[0].high - one.predictions[0].low for one in (calm, wild)]
    assert widths[0] < widths[1] / 5


def test_sizes_that_do_not_help_are_told() -> None:
    worse = [ScalePoint(run=f"{x}", name="n", x=x, value=2 + x / 1e6) for x in SIZES]
    found = fit_points(worse, "parameters", "validation_loss")
    assert any("not better" in remark for remark in found.remarks)


def test_runs_of_a_store_are_fitted_and_repeats_become_one_point(store: Store) -> None:
    runs = [add_training(store, f"m{x:g}", int(x), law(x)) for x in SIZES]
    add_training(store, "again", int(SIZES[0]), law(SIZES[0]) + 0.02, seed=2)
    found = scaling_fit(store, [run.id for run in runs], at=(1e7,))
    assert [point.num_seeds for point in found.points] == [2, 1, 1, 1]
    assert found.points[0].spread == pytest.approx(0.02 / 2**0.5)
    assert found.sigma_source == "seeds"
    assert found.exponent.low <= found.exponent.value <= found.exponent.high
    flops = scaling_fit(store, [run.id for run in runs], by="flops")
    assert flops.points[0].x == pytest.approx(6 * SIZES[0] * 20 * TOKENS_PER_STEP)


def test_runs_that_cannot_stand_on_one_curve_are_refused(store: Store) -> None:
    runs = [add_training(store, f"m{x:g}", int(x), law(x)) for x in SIZES[:3]]
    other = add_training(store, "other", 10**6, 2.0, text="stories")
    for named, code in (
        ([runs[0].id, runs[1].id], "too-few-sizes"),
        ([*(run.id for run in runs), other.id], "other-held-out-text"),
    ):
        with pytest.raises(InvalidSpec) as caught:
            scaling_fit(store, named)
        assert caught.value.code == code


def test_a_promise_is_written_down_and_checked_by_the_run_that_comes(store: Store) -> None:
    runs = [add_training(store, f"m{x:g}", int(x), law(x)) for x in SIZES]
    made, _ = promise(store, [run.id for run in runs], 2.5e6)
    assert [(one.promise, one.is_kept) for one in promises(store)] == [(made, None)]
    add_training(store, "elsewhere", 2_500_000, 0.1, text="stories")
    assert promises(store)[0].run is None, "another text cannot keep or break it"
    kept = add_training(store, "next", 2_550_000, law(2.55e6))
    (seen,) = promises(store)
    assert (seen.run, seen.is_kept) == (kept.id, True)
    assert seen.measured == pytest.approx(law(2.55e6))


def test_a_promise_may_fail(store: Store) -> None:
    runs = [add_training(store, f"m{x:g}", int(x), law(x)) for x in SIZES]
    promise(store, [run.id for run in runs], 2.5e6)
    add_training(store, "next", 2_500_000, 9.0)
    assert promises(store)[0].is_kept is False


def test_a_planned_run_is_predicted_from_runs_that_read_as_much(store: Store) -> None:
    tokens = 20 * TOKENS_PER_STEP
    assert predicted_final_loss(store, 10**6, tokens).prediction is None
    for x in SIZES[:3]:
        add_training(store, f"m{x:g}", int(x), law(x))
    add_training(store, "short", 123, 7.0, steps=2)
    found = predicted_final_loss(store, 10**6, tokens)
    assert found.num_runs == 3
    assert found.prediction is not None
    assert found.prediction.value == pytest.approx(law(1e6), abs=0.05)
    unknown = predicted_final_loss(store, 10**6, 100 * tokens)
    assert unknown.prediction is None
    assert "there are 0" in unknown.reason
