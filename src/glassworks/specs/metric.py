"""A metric is a file: what a number means, so that axes, tooltips, findings and docs get their words from one place."""

from typing import Literal

from glassworks.specs.base import Spec


class MetricSpec(Spec):
    """One measured quantity. `label` is what a screen calls it; `decimals` how its digits are written.

    `cadence`: measured at each step, now and then in each layer, or on held-out text. `healthy_from` and `healthy_to`: the
    range that `healthy` speaks of, where it is two numbers. `is_of_full_rate`: that range is for steps at which the learning rate
    is more than a tenth of its height. `is_log`: a factor matters, not a difference.
    """

    label: str
    unit: str
    description: str
    formula: str
    source: str
    cadence: Literal["step", "layers", "evaluation"]
    decimals: int = 3
    is_lower_better: bool | None = None
    is_log: bool = False
    healthy: str = ""
    healthy_from: float | None = None
    healthy_to: float | None = None
    is_of_full_rate: bool = False
