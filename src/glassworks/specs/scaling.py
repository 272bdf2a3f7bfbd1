"""A scaling law through finished runs, what it predicts, and promises that are checked later."""

from typing import Literal

from pydantic import Field

from glassworks.specs.base import Spec

ScaleAxis = Literal["parameters", "flops", "tokens"]
SigmaSource = Literal["seeds", "residuals", "assumed"]


class ScalePoint(Spec):
    """One finished training, or the mean of its repeats. `x` is on the fit's axis; `residual`: measured - fitted."""

    run: str
    name: str
    x: float
    value: float
    num_seeds: int = 1
    spread: float | None = None
    residual: float = 0.0


class Estimated(Spec):
    """A number with the range that holds it in 95 of 100 such fits."""

    value: float
    low: float
    high: float


class Prediction(Spec):
    """What one more run of size `x` would measure; the interval includes what another seed does. `reach`: x / greatest x."""

    x: float
    value: float
    low: float
    high: float
    reach: float


class ScalingFit(Spec):
    """value = floor + scale x^-exponent. `remarks`: what makes it weak, in words; the first one is the most important."""

    by: ScaleAxis
    metric: str
    points: tuple[ScalePoint, ...]
    floor: Estimated
    scale: Estimated
    exponent: Estimated
    sigma: float
    """Standard deviation of one run about the curve."""
    sigma_source: SigmaSource
    curve: tuple[Prediction, ...]
    predictions: tuple[Prediction, ...] = ()
    remarks: tuple[str, ...] = ()


class PromiseSpec(Spec):
    """A prediction that was written down: for which data, which size, from which runs. Never changed afterwards."""

    format: int = 1
    id: str
    made_at: str
    by: ScaleAxis
    metric: str
    data: str
    """Hash of what the runs of the fit have in common; only such a run can keep the promise."""
    prediction: Prediction
    runs: tuple[str, ...]


class PromiseView(Spec):
    """A promise and, once a run of that size has finished, what it measured. `is_kept`: it lies in the interval."""

    promise: PromiseSpec
    run: str | None = None
    x: float | None = None
    measured: float | None = None
    is_kept: bool | None = None


class PredictedLoss(Spec):
    """What the start card shows: a prediction, or why there is none."""

    prediction: Prediction | None = None
    metric: str
    num_runs: int = Field(default=0, ge=0)
    reason: str = ""
