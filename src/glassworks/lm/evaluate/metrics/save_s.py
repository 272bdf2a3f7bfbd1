"""Time that training stood still for saving."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Saving",
    unit="s",
    description="Seconds that training stood still, since the step before, while a state was saved.",
    formula="clock after - before saving; what is written beside the training is not counted",
    source="Clock of this machine.",
    cadence="step",
    decimals=4,
    is_lower_better=True,
    healthy="0 but after a save, then well below a second.",
)
