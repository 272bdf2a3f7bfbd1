"""Runs side by side: what differs in their settings, how they learned, what came out, and whether it is more than noise."""

from typing import Any

from glassworks.specs.base import Spec
from glassworks.specs.noise import NoiseView

MAX_SIDES = 4


class ComparedRun(Spec):
    """One side. `run` is what was asked for, `training` the stage run whose figures these are.

    `repeats`: finished trainings that differ from it in nothing but the seed, itself included.
    """

    letter: str
    run: str
    name: str
    recipe: str | None = None
    training: str
    status: str
    seed: int | None = None
    repeats: tuple[str, ...]


class SettingRow(Spec):
    """A setting that is not the same on all sides; None where a side does not have it."""

    field: str
    values: tuple[Any, ...]


class MeasureRow(Spec):
    """One figure of each side: its own value, and mean and spread over its repeats. `noise`: each side against A."""

    metric: str
    label: str
    unit: str
    is_lower_better: bool | None = None
    values: tuple[float | None, ...]
    means: tuple[float | None, ...]
    spreads: tuple[float | None, ...]
    intervals: tuple[tuple[float, ...] | None, ...]
    """Lowest and highest, where the run measured one."""
    noise: tuple[NoiseView | None, ...]


class CurveView(Spec):
    """A training's loss, put together to so many points; the three axes run along with it."""

    steps: tuple[int, ...]
    tokens: tuple[int, ...]
    seconds: tuple[float, ...]
    loss: tuple[float, ...]


class PointView(Spec):
    """What was measured on held-out text at a step."""

    step: int
    tokens: int
    seconds: float
    values: dict[str, float]
    intervals: dict[str, tuple[float, ...]]


class SideCurves(Spec):
    """The curve of a side, and what was measured on the way by it and by its repeats."""

    curve: CurveView
    points: tuple[PointView, ...]
    repeats: tuple[tuple[PointView, ...], ...]
    """Those of the other repeats."""


class RunComparison(Spec):
    """All of it. `verdict` is one sentence about the sides' main metric."""

    sides: tuple[ComparedRun, ...]
    settings: tuple[SettingRow, ...]
    num_settings: int
    measures: tuple[MeasureRow, ...]
    curves: tuple[SideCurves, ...]
    verdict: str
