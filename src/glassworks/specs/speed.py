"""How fast trainings went here and what memory they held, and how long the next one will take. Pure arithmetic over finished runs.

In: `SpeedPoint`s, one a finished training. Out: expected seconds, and by how much such a prediction would have missed each of
the runs. Without a run on the same device and dtype nothing is known, and so it is said.
"""

from math import log
from statistics import median

from pydantic import Field

from glassworks.specs.base import Spec

NEAR = 4.0
"""A run teaches most about models up to four times as large or as small."""

FAR = 64.0
"""Of a model that is so many times as large or as small as any that was trained here no time is promised."""


class SpeedPoint(Spec):
    """One finished training. `where`: device and dtype, `"cpu/bf16"`.

    `utilization`: share of the measured matrix rate that its steps reached; `start_s`: seconds before its first step;
    `other_share`: evaluation, samples and saving, as a share of its steps' time; `loop_s`: its steps' time;
    `beside_bytes`: memory that it held beside what its model was reckoned to need.
    """

    where: str = "cpu/fp32"
    utilization: float = Field(gt=0)
    parameters: int | None = None
    start_s: float = Field(default=0.0, ge=0)
    other_share: float = Field(default=0.0, ge=0)
    loop_s: float = Field(default=1.0, gt=0)
    beside_bytes: int | None = None

    @property
    def wall_s(self) -> float:
        return self.start_s + self.loop_s * (1 + self.other_share)


class SpeedHistory(Spec):
    """Finished trainings on this class of machine, newest first."""

    points: tuple[SpeedPoint, ...] = ()

    def near(self, where: str, parameters: int) -> "SpeedHistory":
        """The runs that teach about a model of this size: those of a similar size, else all on that device and dtype."""
        there = tuple(point for point in self.points if point.where == where)
        close = tuple(
            point
            for point in there
            if point.parameters and abs(log(point.parameters / parameters)) <= log(NEAR)
        )
        return SpeedHistory(points=close or there)

    def is_far(self, parameters: int) -> bool:
        """Whether all of the runs are another world: what 100 k parameters spend their time with says nothing of 100 M."""
        sizes = [point.parameters for point in self.points if point.parameters]
        return bool(sizes) and min(abs(log(size / parameters)) for size in sizes) > log(FAR)

    @property
    def utilization(self) -> float | None:
        """The utilization to reckon with; None without history."""
        return median(point.utilization for point in self.points) if self.points else None

    @property
    def beside_bytes(self) -> int | None:
        """The memory to reckon with beside the model's; None where no run tells."""
        known = [p.beside_bytes for p in self.points if p.beside_bytes is not None]
        return round(median(known)) if known else None

    def duration_s(self, least_s: float) -> float | None:
        """Seconds from the order to the end of a training whose steps would take `least_s` at the full matrix rate."""
        if not self.points:
            return None
        start_s = median(point.start_s for point in self.points)
        other_share = median(point.other_share for point in self.points)
        reached = median(point.utilization for point in self.points)
        return start_s + least_s / reached * (1 + other_share)

    @property
    def error(self) -> float | None:
        """Greatest miss, as a share, had each run's time been predicted from the others; None below two runs."""
        if len(self.points) < 2:
            return None
        misses = []
        for number, point in enumerate(self.points):
            others = SpeedHistory(points=(*self.points[:number], *self.points[number + 1 :]))
            expected = others.duration_s(point.loop_s * point.utilization)
            misses.append(abs((expected or 0.0) / point.wall_s - 1))
        return max(misses)
