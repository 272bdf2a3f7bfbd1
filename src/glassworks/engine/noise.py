"""Within noise or beyond it: the one rule by which two sides are told apart. Pure.

In: for each side the values by seed, and, where one was measured, the interval of a single value. Out: the difference and the
margin that it must reach (95 %). The rule, in this order:

    paired     three or more seeds that both sides have: Student's t over the differences of each seed
    welch      two or more values on each side: Welch's t, spreads may differ
    one-side   two or more on one side, one on the other: the spread of the one is taken for both
    interval   one value each, with a bootstrap interval over the text: says nothing about another seed, and says so
    unknown    one value each: cannot say

What was not measured on the same thing is not judged at all (`apart`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean, stdev

from glassworks.specs.noise import NoiseRule, NoiseView

T_975 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
"""Student's t, two-sided 95 %, for 1 to 10 degrees of freedom."""
MIN_PAIRS = 3


@dataclass(frozen=True)
class Side:
    """`values`: seed -> value. `interval`: of the one value, where it was measured with one."""

    values: dict[int, float]
    interval: tuple[float, float] | None = None
    all: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "all", tuple(self.values.values()))


def student_t(freedom: float) -> float:
    """The two-sided 95 % quantile; between table rows the greater one, beyond the table Cornish and Fisher's expansion."""
    whole = max(1, math.floor(freedom))
    if whole <= len(T_975):
        return T_975[whole - 1]
    z = 1.959964
    return z + (z**3 + z) / (4 * whole) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * whole**2)


def spread(values: Sequence[float]) -> float | None:
    """Standard deviation over seeds; None for one value."""
    return stdev(values) if len(values) > 1 else None


def judge(a: Side, b: Side, unit: str = "") -> NoiseView:
    """Whether B differs from A by more than noise."""
    difference = fmean(b.all) - fmean(a.all)
    shared = sorted(a.values.keys() & b.values.keys())
    if len(shared) >= MIN_PAIRS:
        gaps = [b.values[seed] - a.values[seed] for seed in shared]
        difference = fmean(gaps)
        margin = student_t(len(gaps) - 1) * stdev(gaps) / math.sqrt(len(gaps))
        return _view("paired", difference, margin, f"{len(gaps)} seeds on both sides", unit)
    if len(a.all) > 1 and len(b.all) > 1:
        margin = _welch(a.all, b.all)
        return _view("welch", difference, margin, f"{len(a.all)} and {len(b.all)} seeds", unit)
    if len(a.all) > 1 or len(b.all) > 1:
        many = max(a.all, b.all, key=len)
        num = len(many)
        margin = student_t(num - 1) * stdev(many) * math.sqrt(1 + 1 / num)
        return _view("one-side", difference, margin, f"the spread of {num} seeds of one side", unit)
    if a.interval is not None and b.interval is not None:
        half = [(side.interval[1] - side.interval[0]) / 2 for side in (a, b) if side.interval]
        return _view("interval", difference, math.hypot(*half), "the text alone", unit)
    return NoiseView(
        difference=difference,
        margin=None,
        is_beyond=None,
        rule="unknown",
        words="One run each: whether another seed alone does as much cannot be said.",
    )


APART: dict[NoiseRule, str] = {
    "other-text": "They were measured on different held-out text, so this does not tell which is better.",
    "other-tokens": "They count other tokens: bits per byte can be held against each other, this cannot.",
}


def apart(a: Side, b: Side, rule: NoiseRule) -> NoiseView:
    """Two figures of which nobody may say which is better, and why (`rule`: one of `APART`)."""
    return NoiseView(difference=fmean(b.all) - fmean(a.all), rule=rule, words=APART[rule])


def _welch(a: Sequence[float], b: Sequence[float]) -> float:
    parts = [stdev(values) ** 2 / len(values) for values in (a, b)]
    total = sum(parts)
    if total == 0:
        return 0.0
    below = sum(
        part**2 / (len(values) - 1) for part, values in zip(parts, (a, b), strict=True) if part
    )
    return student_t(total**2 / below) * math.sqrt(total)


def _view(rule: NoiseRule, difference: float, margin: float, basis: str, unit: str) -> NoiseView:
    is_beyond = abs(difference) > margin
    size = f"{abs(difference):.3g}{unit}"
    told = f"A difference of {size} is {'beyond' if is_beyond else 'within'} noise"
    words = f"{told}: from {basis}, anything under {margin:.2g} may be chance."
    if rule == "interval":
        words += " Another seed may move it further."
    return NoiseView(
        difference=difference, margin=margin, is_beyond=is_beyond, rule=rule, words=words
    )
