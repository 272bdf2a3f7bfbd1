"""A metric is a file: what a number means, so that axes, tooltips, findings and docs get their words from one place."""

from typing import Literal

from glassworks.specs.base import Spec


class MetricSpec(Spec):
    """One measured quantity. `label` is what a screen calls it; `format` is how its digits are written."""

    label: str
    unit: str
    description: str
    formula: str
    source: str
    cadence: Literal["step", "evaluation"]
    decimals: int = 3
    is_lower_better: bool | None = None
    healthy: str = ""
