"""Step rows as series for a chart: whole rows while they fit, else buckets with mean, least and greatest. Pure."""

from itertools import pairwise

from glassworks.server.features.runs.schemas import MetricsView, SeriesView
from glassworks.storage.follow import Row


def as_series(
    rows: list[Row],
    cursor: str,
    names: tuple[str, ...] = (),
    from_step: int | None = None,
    to_step: int | None = None,
    width: int = 1000,
) -> MetricsView:
    """`names` () means all. Steps outside `from_step`..`to_step` are left out before counting points."""
    chosen = [
        row.values
        for row in rows
        if (from_step is None or row.values["step"] >= from_step)
        and (to_step is None or row.values["step"] <= to_step)
    ]
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
