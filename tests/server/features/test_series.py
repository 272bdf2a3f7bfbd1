"""Rows that are looked up by their steps, in a list in which some are missing."""

from hypothesis import given
from hypothesis import strategies as st

from glassworks.server.features.runs.series import as_series, rows_at, rows_between
from glassworks.storage.follow import Row

STEPS = st.sets(st.integers(0, 30))


@given(there=STEPS, asked=STEPS, edges=st.tuples(st.integers(0, 31), st.integers(0, 31)))
def test_rows_by_step(there: set[int], asked: set[int], edges: tuple[int, int]) -> None:
    rows = [
        Row(1, line, {"step": step, "loss": step / 7}) for line, step in enumerate(sorted(there))
    ]
    assert [row.values["step"] for row in rows_at(rows, asked)] == sorted(there & asked)
    between = rows_between(rows, *edges)
    assert [row.values["step"] for row in between] == [
        s for s in sorted(there) if edges[0] <= s <= edges[1]
    ]
    assert list(rows_between(rows, None, None)) == rows


def test_single_steps_are_told_as_they_were_measured() -> None:
    rows = [Row(1, step, {"step": step, "loss": 8 / step}) for step in range(1, 9)]
    series = as_series(rows_at(rows, [2, 8]), "1:8").series["loss"]
    assert (series.steps, series.mean, series.min) == ((2, 8), (4.0, 1.0), (4.0, 1.0))
