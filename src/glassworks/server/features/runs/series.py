"""Step rows as series for a chart: whole rows while they fit, else buckets with mean, least and greatest. Pure."""

import bisect
from collections.abc import Iterable, Sequence
from itertools import pairwise

from glassworks.server.features.runs.schemas import MetricsView, SeriesView
from glassworks.storage.follow import Row


def rows_between(rows: Sequence[Row], from_step: int | None, to_step: int | None) -> Sequence[Row]:
    """Rows of `from_step`..`to_step`, both among them; `rows` are in the order of their steps."""
    first = 0 if from_step is None else bisect.bisect_left(rows, from_step, key=_step)
    end = len(rows) if to_step is None else bisect.bisect_right(rows, to_step, key=_step)
    return rows[first:end]


def rows_at(rows: Sequence[Row], steps: Iterable[int]) -> Sequence[Row]:
    """Rows of these steps alone, as far as there are any."""
    wanted = set(steps)
    places = {bisect.bisect_left(rows, step, key=_step) for step in wanted}
    near = (rows[place] for place in sorted(places) if place < len(rows))
    return [row for row in near if _step(row) in wanted]


def as_series(
    rows: Sequence[Row], cursor: str, names: tuple[str, ...] = (), width: int = 1000
) -> MetricsView:
    """`names` () means all."""
    chosen = [row.values for row in rows]
    known = {name for values in chosen for name in values if name != "step"}
    wanted = [name for name in sorted(known) if not names or name in names]
    steps = [int(values["step"]) for values in chosen]
    return MetricsView(
        cursor=cursor,
        first_step=steps[0] if steps else None,
        last_step=steps[-1] if steps else None,
        num_rows=len(chosen),
        series={name: _series(name, chosen, width) for name in wanted},
    )


def _series(name: str, rows: list[dict[str, float]], width: int) -> SeriesView:
    points = [(int(row["step"]), float(row[name])) for row in rows if name in row]
    num_buckets = min(len(points), width)
    edges = [len(points) * i // num_buckets for i in range(num_buckets + 1)] if points else [0]
    buckets = [points[a:b] for a, b in pairwise(edges)]
    values = [[value for _, value in bucket] for bucket in buckets]
    return SeriesView(
        steps=tuple(bucket[-1][0] for bucket in buckets),
        mean=tuple(sum(each) / len(each) for each in values),
        min=tuple(map(min, values)),
        max=tuple(map(max, values)),
    )


def _step(row: Row) -> int:
    return int(row.values["step"])
