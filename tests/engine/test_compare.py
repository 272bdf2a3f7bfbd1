"""Runs side by side: what differs, repeats that are found by themselves, noise, curves on three axes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from glassworks.common.errors import InvalidSpec
from glassworks.engine.compare import compare_runs
from glassworks.engine.noise import APART
from glassworks.engine.plan import make_plan
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import apply_settings
from glassworks.storage.store import Store
from tests.conftest import MACHINE
from tests.engine.conftest import Trained
from tests.engine.counts import run_plan
from tests.engine.stores import make_training
from tests.engine.trained_stores import TOKENS_PER_STEP, add_training


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Workshop() as workshop:
        yield workshop.store


def test_only_what_differs_is_listed_architecture_included(store: Store) -> None:
    a = add_training(store, "a", 100, 2.0, rate=0.1)
    b = add_training(store, "b", 200, 2.1, rate=0.2)
    found = compare_runs(store, [a.id, b.id])
    assert {row.field: row.values for row in found.settings} == {
        "train.rate": (0.1, 0.2),
        "train.architecture.width": (100, 200),
    }
    assert found.num_settings == 6
    assert "cannot be said" in found.verdict
    assert found.verdict.startswith("A needs 0.050 bits/byte less than B")


def test_repeats_are_found_and_say_what_is_noise(store: Store) -> None:
    a = [add_training(store, "a", 100, 2.0 + gap, seed=seed, rate=0.1) for seed, gap in ((1, 0.0), (2, 0.1), (3, -0.1))]  # fmt: skip
    b = [add_training(store, "b", 100, 1.9 + gap, seed=seed, rate=0.2) for seed, gap in ((1, 0.0), (2, 0.11), (3, -0.1))]  # fmt: skip
    found = compare_runs(store, [a[0].id, b[0].id])
    assert [len(side.repeats) for side in found.sides] == [3, 3]
    row = next(row for row in found.measures if row.metric == "validation_loss")
    assert row.means[0] == pytest.approx(2.0)
    assert row.spreads[0] == pytest.approx(0.1)
    assert row.noise[0] is None
    assert row.noise[1] is not None
    assert (row.noise[1].rule, row.noise[1].is_beyond) == ("paired", True)
    assert "beyond noise" in found.verdict
    sizes = next(row for row in found.measures if row.metric == "parameters")
    assert sizes.noise == (None, None)


def test_what_was_measured_on_another_text_is_not_judged(store: Store) -> None:
    a, b = add_training(store, "a", 100, 2.0), add_training(store, "b", 100, 0.5, text="stories")
    found = compare_runs(store, [a.id, b.id])
    assert "different held-out text" in found.verdict
    rules = {row.metric: row.noise[1] and row.noise[1].rule for row in found.measures}
    assert rules["bits_per_byte"] == rules["validation_loss"] == "other-text"
    assert rules["tokens_per_s"] == "unknown", "speed is speed"


def test_other_tokens_of_the_same_text_have_bits_per_byte_in_common(trained: Trained) -> None:
    smaller = apply_settings(trained.recipe, ["tokenizer.trainer.vocab_size=270"])
    other = run_plan(trained.workshop, make_plan(trained.workshop, smaller, MACHINE))
    found = compare_runs(trained.workshop.store, [trained.run, other.id])
    rules = {row.metric: row.noise[1] and row.noise[1].rule for row in found.measures}
    assert rules["validation_loss"] == "other-tokens"
    assert rules["bits_per_byte"] not in APART
    assert "bits/byte less" in found.verdict


def test_curves_run_on_steps_tokens_and_time(store: Store) -> None:
    runs = [add_training(store, name, 100, 2.0, rate=rate) for name, rate in (("a", 1), ("b", 2))]
    first = compare_runs(store, [run.id for run in runs], width=5).curves[0]
    assert first.curve.steps == (4, 8, 12, 16, 20)
    assert first.curve.tokens[-1] == 20 * TOKENS_PER_STEP
    assert first.curve.seconds[-1] == pytest.approx(10.0)
    assert [point.step for point in first.points] == [10, 20]
    assert first.points[1].seconds == pytest.approx(10.0)


def test_a_run_that_trained_nothing_or_one_alone_cannot_be_compared(store: Store) -> None:
    run = add_training(store, "a", 100, 2.0)
    empty, _ = make_training(store, "empty", is_done=False)
    for references, code in (
        ([run.id], "how-many-runs"),
        ([run.id] * 5, "how-many-runs"),
        ([run.id, empty.id], "nothing-trained"),
    ):
        with pytest.raises(InvalidSpec) as caught:
            compare_runs(store, references)
        assert caught.value.code == code
