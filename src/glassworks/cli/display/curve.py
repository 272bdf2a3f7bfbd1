"""A curve in characters: braille dots, two columns and four rows of them in each cell.

In: (step, value) points and the planned number of steps. Out: lines of rich text with an axis. The whole planned run is
on the axis, so that an empty right side means "not yet"; the newest point of a live run is molten; hollow points
(validation) lie over the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.text import Text

from glassworks.cli import numbers

Point = tuple[float, float]
BLANK = 0x2800
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bit of each dot: column in the cell, then row."""
LABEL_WIDTH = 7


@dataclass(frozen=True)
class Scale:
    """Maps steps and values to dots; value `high` is the upper edge."""

    last_step: float
    low: float
    high: float
    columns: int
    rows: int

    def column(self, step: float) -> int:
        return round(min(step / self.last_step, 1) * (self.columns - 1))

    def row(self, value: float) -> int:
        return round((self.high - value) / (self.high - self.low) * (self.rows - 1))

    def value(self, row: float) -> float:
        return self.high - row / (self.rows - 1) * (self.high - self.low)


def draw_curve(
    points: Sequence[Point],
    last_step: float,
    width: int,
    height: int,
    is_live: bool,
    hollow: Sequence[Point] = (),
) -> list[Text]:
    """`height` lines for the plot and two for the axis, each at most `width` columns wide."""
    plot_width = max(width - LABEL_WIDTH - 1, 4)
    values = [value for _, value in (*points, *hollow)]
    if not values:
        return []
    scale = _scale(values, last_step, plot_width, height)
    cells = _cells(_binned(points, scale), scale)
    newest = scale.column(points[-1][0]) // 2 if points else -1
    marks = {(scale.column(s) // 2, scale.row(v) // 4) for s, v in hollow}
    labels = {row: scale.value(4 * row + 1.5) for row in (0, height // 2, height - 1)}
    lines = []
    for row in range(height):
        label = f"{labels[row]:.2f}" if row in labels else ""
        line = Text().append(f"{label:>{LABEL_WIDTH - 2}} │", "quiet")
        for column in range(plot_width):
            is_mark = (column, row) in marks
            is_hot = is_live and newest - 1 <= column <= newest and not is_mark
            character = "○" if is_mark else chr(BLANK + cells.get((column, row), 0))
            line.append(character, style="molten.strong" if is_hot else "none")
        lines.append(line)
    return [*lines, *_axis(last_step, plot_width)]


def _scale(values: list[float], last_step: float, width: int, height: int) -> Scale:
    low, high = min(values), max(values)
    margin = max((high - low) * 0.04, 0.01)
    return Scale(max(last_step, 1), low - margin, high + margin, 2 * width, 4 * height)


def _binned(points: Sequence[Point], scale: Scale) -> list[tuple[int, int]]:
    """One dot for each column that has points: their mean."""
    columns: dict[int, list[float]] = {}
    for step, value in points:
        columns.setdefault(scale.column(step), []).append(value)
    return [(column, scale.row(sum(v) / len(v))) for column, v in sorted(columns.items())]


def _cells(dots: list[tuple[int, int]], scale: Scale) -> dict[tuple[int, int], int]:
    """(column, row) of a cell -> its braille bits; neighboring dots are joined by a line."""
    cells: dict[tuple[int, int], int] = {}
    joined = list(dots[:1])
    for (left, top), (right, bottom) in pairwise(dots):
        count = max(right - left, abs(bottom - top), 1)
        for i in range(1, count + 1):
            part = i / count
            joined.append((round(left + part * (right - left)), round(top + part * (bottom - top))))
    for column, row in joined:
        inside = min(max(row, 0), scale.rows - 1)
        place = (column // 2, inside // 4)
        cells[place] = cells.get(place, 0) | DOTS[column % 2][inside % 4]
    return cells


def _axis(last_step: float, width: int) -> list[Text]:
    end = f"{numbers.exact(last_step)} steps"
    line = Text(" " * (LABEL_WIDTH - 1) + "└" + "─" * width, style="quiet")
    ticks = " " * LABEL_WIDTH + "0" + end.rjust(width - 1)
    return [line, Text(ticks, style="quiet")]
