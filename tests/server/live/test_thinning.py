"""A long past in few rows says what the whole says: every step is in one stretch, nothing lies outside of the ranges."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from glassworks.server.live.thinning import thin

LOSSES = st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=60)


@given(LOSSES, st.integers(1, 20))
def test_every_row_is_in_one_stretch(losses: list[float], width: int) -> None:
    rows: list[dict[str, Any]] = [{"step": n, "loss": loss} for n, loss in enumerate(losses, 1)]
    found = thin(rows, width)
    assert len(found.mean) == len(found.low) == len(found.high) == min(width, len(rows))
    ends = [0, *(row["step"] for row in found.mean)]
    assert ends[-1] == len(rows)
    for (first, end), low, high in zip(pairwise(ends), found.low, found.high, strict=True):
        assert low["loss"] == min(losses[first:end])
        assert high["loss"] == max(losses[first:end])
    for low, mean, high in zip(found.low, found.mean, found.high, strict=True):
        air = 1e-6 * max(abs(low["loss"]), abs(high["loss"]))
        assert low["loss"] - air <= mean["loss"] <= high["loss"] + air


def test_a_figure_that_only_some_rows_have_is_of_those() -> None:
    rows = [{"step": 1, "loss": 4.0}, {"step": 2, "loss": 2.0, "utilization": 0.5}]
    found = thin(rows, 1)
    assert found.mean == [{"step": 2, "loss": 3.0, "utilization": 0.5}]
    assert found.low == [{"step": 2, "loss": 2.0, "utilization": 0.5}]


def test_what_fits_stays_as_it_is() -> None:
    rows = [{"step": 1, "loss": 4.123456789}, {"step": 2, "loss": 2.0}]
    assert thin(rows, 2).mean == rows
    assert thin([], 5).mean == []
