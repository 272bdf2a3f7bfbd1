"""Small arithmetic that several rules share: a window of the newest values, and robust middle and spread."""

from collections.abc import Sequence
from statistics import fmean, median

MAD_TO_STD = 1.4826
"""Median absolute deviation of a normal distribution -> its standard deviation."""


def pushed(window: Sequence[float], value: float, size: int) -> list[float]:
    """The newest `size` values, `value` the last of them."""
    return [*window, value][-size:]


def mean(values: Sequence[float]) -> float:
    return fmean(values)


def middle_and_spread(values: Sequence[float]) -> tuple[float, float]:
    """Median, and what would be the standard deviation if the values were normal; outliers move neither."""
    middle = median(values)
    return middle, MAD_TO_STD * median([abs(value - middle) for value in values])


def digits(value: float) -> float:
    """Four digits: enough to check, few enough to read."""
    return float(f"{value:.4g}")


def times(number: float) -> str:
    """How often something happens, for a sentence: 2.5, 61,400."""
    return f"{number:.3g}" if number < 999.5 else f"{float(f'{number:.3g}'):,.0f}"
