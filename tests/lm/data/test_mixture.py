"""The order of a mixture: exact shares, epochs and limits, and the same places whenever one looks."""

from itertools import pairwise

import numpy as np
import pytest

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.data.mixture import PERIOD, Mixture, Part, shares_of

CONTEXT = 8


def part(name: str, num_windows: int, weight: float, max_epochs: float | None = None) -> Part:
    return Part(name, num_windows * CONTEXT + 1, weight, max_epochs)


def places(first: int, stop: int) -> np.ndarray:
    return np.arange(first, stop)


def parts_of(mixture: Mixture, starts: np.ndarray) -> list[int]:
    ends = np.cumsum([part.num_tokens for part in mixture.parts])
    found: list[int] = np.searchsorted(ends, starts, side="right").tolist()
    return found


def test_one_part_is_read_as_it_always_was() -> None:
    """Epoch after epoch, each window once; a mixture has the same order within a part."""
    mixture = Mixture((part("", 12, 1),), CONTEXT)
    starts = mixture.starts(7, places(0, 36)) // CONTEXT
    assert all(sorted(epoch) == list(range(12)) for epoch in starts.reshape(3, 12).tolist())
    assert starts[:12].tolist() == [8, 4, 1, 6, 3, 2, 11, 7, 5, 9, 10, 0]


@pytest.mark.parametrize(
    "weights", [[1, 1], [3, 1], [0.7, 0.2, 0.1], [1000, 1], [5, 4, 3, 2, 1, 1]]
)
def test_shares_are_those_of_the_weights(weights: list[float]) -> None:
    mixture = Mixture(tuple(part(f"p{i}", 50, w) for i, w in enumerate(weights)), CONTEXT)
    found = parts_of(mixture, mixture.starts(3, places(0, PERIOD)))
    for at, weight in enumerate(weights):
        share = found.count(at) / PERIOD
        assert share == pytest.approx(weight / sum(weights), abs=1 / PERIOD)
        assert share == shares_of(weights)[at]
    assert sum(shares_of(weights)) == 1


def test_even_a_short_stretch_has_the_shares() -> None:
    """Weights 3 to 1: every 16 windows in a row hold 12 and 4, give or take one."""
    mixture = Mixture((part("a", 30, 3), part("b", 30, 1)), CONTEXT)
    found = np.array(parts_of(mixture, mixture.starts(3, places(0, 3 * PERIOD))))
    counts = [int(found[at : at + 16].sum()) for at in range(0, len(found) - 16)]
    assert set(counts) <= {3, 4, 5}


def test_a_part_of_almost_no_weight_is_read_all_the_same() -> None:
    assert shares_of([1e9, 1, 1]) == [1 - 2 / PERIOD, 1 / PERIOD, 1 / PERIOD]


def test_each_part_visits_its_windows_once_an_epoch() -> None:
    mixture = Mixture((part("a", 7, 2), part("b", 11, 1)), CONTEXT)
    starts = mixture.starts(5, places(0, 3 * 11 * 4))
    found = np.array(parts_of(mixture, starts))
    for at, num_windows in enumerate((7, 11)):
        mine = starts[found == at]
        whole = mine[: len(mine) // num_windows * num_windows].reshape(-1, num_windows)
        assert len(whole) >= 3
        assert all(len(set(epoch)) == num_windows for epoch in whole.tolist())
        assert all(one != other for one, other in pairwise(whole.tolist()))


def test_two_parts_of_one_size_have_orders_of_their_own() -> None:
    mixture = Mixture((part("a", 40, 1), part("b", 40, 1)), CONTEXT)
    starts = mixture.starts(5, places(0, 80))
    found = np.array(parts_of(mixture, starts))
    assert (starts[found == 0] != starts[found == 1] - (40 * CONTEXT + 1)).any()


def test_any_places_give_what_a_walk_from_the_beginning_gives() -> None:
    """What a resume leans on: across periods, phases and epochs, alone, in pieces and backwards."""
    mixture = Mixture((part("a", 37, 3, 20), part("b", 53, 2, 40), part("c", 31, 1)), CONTEXT)
    walk = mixture.starts(9, places(0, 3 * PERIOD))
    fresh = Mixture(mixture.parts, CONTEXT)
    for first, stop in (
        (3 * PERIOD - 5, 3 * PERIOD),
        (4090, 4100),
        (1900, 2500),
        (0, 1),
        (700, 1300),
    ):
        assert (fresh.starts(9, places(first, stop)) == walk[first:stop]).all()
    assert (fresh.starts(9, places(0, 3 * PERIOD)[::-1].copy()) == walk[::-1]).all()
    assert (fresh.starts(10, places(0, 99)) != walk[:99]).any()


def test_a_part_leaves_after_its_epochs_and_the_others_share_its_place() -> None:
    mixture = Mixture((part("a", 10, 2, 3), part("b", 10, 1), part("c", 10, 1)), CONTEXT)
    found = parts_of(mixture, mixture.starts(1, places(0, 500)))
    assert found.count(0) == 30
    last = max(at for at, part in enumerate(found) if part == 0)
    assert last == pytest.approx(60, abs=2)
    after = found[last + 1 :]
    assert after.count(1) == pytest.approx(after.count(2), abs=1)
    a, b, c = mixture.readings(500)
    assert (a.epochs, a.num_windows) == (3, 30)
    assert b.num_windows + c.num_windows == 470
    assert b.epochs == b.num_windows / 10
    assert a.share == 0.06
    assert a.share + b.share + c.share == pytest.approx(1)


@pytest.mark.parametrize("num_places", [0, 1, 59, 60, 61, 500, 5000])
def test_what_is_told_is_what_is_read(num_places: int) -> None:
    mixture = Mixture((part("a", 10, 2, 3), part("b", 30, 1, 10), part("c", 10, 1)), CONTEXT)
    found = parts_of(mixture, mixture.starts(1, places(0, num_places)))
    assert [reading.num_windows for reading in mixture.readings(num_places)] == [
        found.count(at) for at in range(3)
    ]


def test_half_an_epoch() -> None:
    mixture = Mixture((part("a", 10, 1, 0.5), part("b", 10, 1)), CONTEXT)
    assert mixture.readings(1000)[0].num_windows == 5


def test_a_mixture_can_be_used_up() -> None:
    mixture = Mixture((part("a", 10, 1, 2), part("b", 30, 5, 1)), CONTEXT)
    assert mixture.num_places == 50
    found = parts_of(mixture, mixture.starts(1, places(0, 50)))
    assert (found.count(0), found.count(1)) == (20, 30)
    mixture.check_lasts(50)
    for fails in (lambda: mixture.check_lasts(51), lambda: mixture.starts(1, places(48, 51))):
        with pytest.raises(InvalidSpec, match="lasts for 50 windows") as caught:
            fails()
        assert caught.value.code == "mixture-used-up"


def test_a_part_shorter_than_a_window_is_named() -> None:
    with pytest.raises(BadData, match="The part little has 8 tokens; one window needs 9"):
        Mixture((part("a", 10, 1), Part("little", 8)), CONTEXT)
