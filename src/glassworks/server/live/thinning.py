"""A long past in few rows: neighbors are put together, with mean, least and greatest of each figure. Pure.

In: step rows in order. Out: at most `width` rows; one stands for a stretch of steps and carries the step of the stretch's end.
A figure that only some rows of a stretch have is of those.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True)
class Thinned:
    """Three lists of the same length: means, least and greatest values, each row with its `step`."""

    mean: list[Values]
    low: list[Values]
    high: list[Values]


def thin(rows: list[Values], width: int) -> Thinned:
    """`rows` as they are where they fit into `width`."""
    num = min(len(rows), max(1, width))
    edges = [len(rows) * place // num for place in range(num + 1)] if num else [0]
    found = Thinned([], [], [])
    for first, end in pairwise(edges):
        _add(found, rows[first:end])
    return found


def _add(found: Thinned, stretch: list[Values]) -> None:
    mean, low, high = ({"step": stretch[-1]["step"]} for _ in range(3))
    for name in dict.fromkeys(name for row in (stretch[0], stretch[-1]) for name in row):
        if name == "step":
            continue
        values = [row[name] for row in stretch if name in row]
        mean[name] = values[0] if len(values) == 1 else _rounded(sum(values) / len(values))
        low[name], high[name] = min(values), max(values)
    found.mean.append(mean)
    found.low.append(low)
    found.high.append(high)


def _rounded(value: float) -> float:
    """Seven digits say all that a picture can show."""
    return float(f"{value:.7g}")
