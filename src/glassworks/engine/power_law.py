"""L(x) = E + A x^-a through a few points, with honest uncertainty. Pure, without a library.

In: (x, value, number of seeds) of each point, and how much one run moves. Out: the fit, and predictions with intervals. For a
given exponent the best E and A are a straight-line fit, so only the exponent is searched. Uncertainty: the parametric bootstrap
(new points are drawn about the fitted curve, each is fitted again), which also speaks where three points leave no residual. The
spread itself is uncertain when it comes from few values, so it is drawn too (scaled inverse chi-squared).
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

RATIO = 1.2
EXPONENTS = tuple(0.02 * RATIO**number for number in range(27))
"""0.02 to 2.3: below it a curve is a constant, above it nothing was ever seen."""
NUM_DRAWS = 300
LEVELS = (0.025, 0.975)


@dataclass(frozen=True)
class Point:
    x: float
    value: float
    num_seeds: int = 1


@dataclass(frozen=True)
class Law:
    """E, A and a of E + A (x / unit)^-a."""

    floor: float
    scale: float
    exponent: float
    unit: float
    cost: float

    def at(self, x: float) -> float:
        return float(self.floor + self.scale * (x / self.unit) ** -self.exponent)

    @property
    def plain_scale(self) -> float:
        """A for x in its own unit."""
        return float(self.scale * self.unit**self.exponent)


def fit(points: Sequence[Point]) -> Law:
    """Least squares, each point weighted by its seeds; E >= 0 and A >= 0. Needs two different x."""
    unit = math.exp(sum(math.log(point.x) for point in points) / len(points))
    best = min((_fit_at(points, unit, each) for each in EXPONENTS), key=lambda law: law.cost)
    for step in (RATIO ** (1 / 4), RATIO ** (1 / 16), RATIO ** (1 / 64)):  # finer each time
        around = [best.exponent * step**number for number in (-3, -2, -1, 1, 2, 3)]
        laws = (best, *(_fit_at(points, unit, each) for each in around))
        best = min(laws, key=lambda law: law.cost)
    return best


def _fit_at(points: Sequence[Point], unit: float, exponent: float) -> Law:
    total = sum_z = sum_y = sum_zz = sum_zy = 0.0
    basis = [(point.x / unit) ** -exponent for point in points]
    for z, point in zip(basis, points, strict=True):
        weight, y = point.num_seeds, point.value
        total += weight
        sum_z += weight * z
        sum_y += weight * y
        sum_zz += weight * z * z
        sum_zy += weight * z * y
    below = sum_zz - sum_z * sum_z / total
    scale = max((sum_zy - sum_z * sum_y / total) / below, 0.0) if below > 0 else 0.0
    floor = (sum_y - scale * sum_z) / total
    if floor < 0:  # a loss has no negative floor: the best curve through 0
        floor, scale = 0.0, sum_zy / sum_zz
    cost = sum(
        point.num_seeds * (point.value - floor - scale * z) ** 2
        for z, point in zip(basis, points, strict=True)
    )
    return Law(floor, scale, exponent, unit, cost)


@dataclass(frozen=True)
class Spread:
    """How much one run moves about the curve, and from how many degrees of freedom that is known (None: it is assumed)."""

    sigma: float
    freedom: int | None


def bootstrap(
    law: Law, points: Sequence[Point], spread: Spread, seed: int = 1, num: int = NUM_DRAWS
) -> list[Law]:
    """Laws that such points could as well have given."""
    source = random.Random(seed)  # a draw, not a secret
    return [fit(_drawn(law, points, _sigma(spread, source), source)) for _ in range(num)]


def _drawn(law: Law, points: Sequence[Point], sigma: float, source: random.Random) -> list[Point]:
    return [
        Point(p.x, law.at(p.x) + source.gauss(0, sigma / math.sqrt(p.num_seeds)), p.num_seeds)
        for p in points
    ]


def _sigma(spread: Spread, source: random.Random) -> float:
    if not spread.freedom:
        return spread.sigma
    chi = sum(source.gauss(0, 1) ** 2 for _ in range(spread.freedom))
    return spread.sigma * math.sqrt(spread.freedom / max(chi, 1e-3))


def interval_at(
    laws: Sequence[Law], spread: Spread, x: float, seed: int = 2
) -> tuple[float, float]:
    """Where one more run of size x would lie, 95 of 100 times: the curve's doubt and the run's own."""
    source = random.Random(seed)
    return quantiles([law.at(x) + source.gauss(0, _sigma(spread, source)) for law in laws])


def quantiles(values: Sequence[float]) -> tuple[float, float]:
    """The two bounds that leave 2.5 % on each side."""
    ordered = sorted(values)
    low, high = (ordered[round(level * (len(ordered) - 1))] for level in LEVELS)
    return low, high
