"""Sweeps: which settings of a recipe are varied, how variants are chosen, and by which figure they are judged.

A `SweepSpec` stands in a recipe (`sweep:`) or is given beside one (`glassworks sweep`, the body of a new run). What it means
for the nodes is worked out in `flow/sweep.py`; what came out of it is a `SweepTable`, a pure function of the run's folders.
"""

from typing import Any, Literal

from pydantic import Field, model_validator

from glassworks.specs.base import Spec

MAX_VARIANTS = 256
DEFAULT_METRIC = "bits_per_byte"


class RangeSpec(Spec):
    """Numbers from `low` to `high`, both included: evenly spread for a grid, drawn for a random search."""

    low: float = Field(description="Smallest value.")
    high: float = Field(description="Greatest value.")
    scale: Literal["linear", "log"] = Field(default="linear", description="Even steps, or ratios.")
    num: int = Field(default=5, ge=2, le=MAX_VARIANTS, description="Values of a grid.")
    is_integer: bool = Field(default=False, description="Whole numbers only.")

    @model_validator(mode="after")
    def _is_sound(self) -> "RangeSpec":
        if not self.low < self.high:
            raise ValueError("a range goes from a smaller number to a greater one")
        if self.scale == "log" and self.low <= 0:
            raise ValueError("a log range begins above 0")
        return self


class AxisSpec(Spec):
    """One setting that is varied: a list of values, or a range. `along`: other fields that go with each value of the list."""

    field: str = Field(description="`node.field`, or a named setting of the recipe.")
    values: tuple[Any, ...] = Field(default=(), description="The values to try.")
    range: RangeSpec | None = Field(default=None, description="Or numbers between two others.")
    along: dict[str, tuple[Any, ...]] = Field(
        default={}, description="Fields that change together with this one: a value for each."
    )

    @model_validator(mode="after")
    def _is_sound(self) -> "AxisSpec":
        if bool(self.values) == (self.range is not None):
            raise ValueError("an axis has either values or a range")
        for field, values in self.along.items():
            if len(values) != len(self.values):
                raise ValueError(f"{field} needs a value for each of {self.field}")
        return self


class HalvingSpec(Spec):
    """Successive halving: all begin with few steps, the best 1/eta of a rung go on from where they stand."""

    eta: int = Field(default=3, ge=2, le=10, description="One in so many goes on.")
    num_rungs: int | None = Field(
        default=None, ge=2, le=8, description="How often is chosen; empty: until one is left."
    )


class SweepSpec(Spec):
    """What is varied. Without `num` every combination is tried; with it, so many are drawn from `seed`."""

    over: tuple[AxisSpec, ...] = Field(min_length=1, description="The settings that are varied.")
    num: int | None = Field(
        default=None, ge=1, le=MAX_VARIANTS, description="Draw so many; empty: all of them."
    )
    seed: int = Field(default=1337, ge=0, lt=2**31, description="Start of the draws.")
    halving: HalvingSpec | None = Field(default=None, description="Give up early on the worst.")
    metric: str = Field(default=DEFAULT_METRIC, description="What the variants are judged by.")


VariantStatus = Literal["waiting", "running", "done", "failed", "dropped", "stopped"]


class VariantRow(Spec):
    """A variant and how it stands. `values`: the metric at the end of each rung that it finished."""

    number: int
    settings: dict[str, Any]
    group: int
    status: VariantStatus
    run: str | None = None
    """The newest training run of it."""
    rung: int = 0
    """The last rung that it finished; 0: none yet."""
    steps: int | None = None
    values: tuple[float, ...] = ()
    duration_s: float | None = None
    error: str | None = None
    is_best: bool = False

    @property
    def value(self) -> float | None:
        return self.values[-1] if self.values else None


class GroupRow(Spec):
    """Variants that differ in nothing but a seed, at the last rung that all of them finished.

    `spread` is the standard deviation over seeds, None for one alone.
    """

    group: int
    settings: dict[str, Any]
    variants: tuple[int, ...]
    num_values: int
    mean: float | None = None
    spread: float | None = None
    is_best: bool = False


class RungRow(Spec):
    """A rung as it was closed: who was there, who went on, and why."""

    rung: int
    steps: int | None = None
    num_variants: int
    num_kept: int
    reason: str = ""
    is_closed: bool = False


class SweepTable(Spec):
    """A sweep as it stands. `verdict` is one sentence on the best; empty while nothing can be said."""

    run: str
    name: str
    recipe: str
    fields: tuple[str, ...]
    metric: str
    is_lower_better: bool
    variants: tuple[VariantRow, ...]
    groups: tuple[GroupRow, ...]
    rungs: tuple[RungRow, ...]
    best: int | None = None
    verdict: str = ""


class SweepPoint(Spec):
    """A variant as a list shows it."""

    number: int
    settings: dict[str, Any]
    run: str | None = None
    status: VariantStatus
    value: float | None = None
    is_best: bool


class SweepSummary(Spec):
    """A sweep in one line of a list."""

    fields: tuple[str, ...]
    metric: str
    num_variants: int
    num_done: int
    num_failed: int
    best: int | None = None
    best_run: str | None = None
    best_value: float | None = None
    points: tuple[SweepPoint, ...]


class SweepBudget(Spec):
    """What a sweep will do, before it starts. `time_s` is None while nothing is known of this machine's speed."""

    num_variants: int
    num_trainings: int
    steps: int
    """Of all trainings together."""
    time_s: float | None = None
    based_on_runs: int = 0
    fields: tuple[str, ...]
    variants: tuple[dict[str, Any], ...]
    rungs: tuple[RungRow, ...]


__all__ = [
    "AxisSpec",
    "GroupRow",
    "HalvingSpec",
    "RangeSpec",
    "RungRow",
    "SweepBudget",
    "SweepPoint",
    "SweepSpec",
    "SweepSummary",
    "SweepTable",
    "VariantRow",
]
