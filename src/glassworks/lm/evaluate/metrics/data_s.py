"""Time of a step that goes into fetching its batch."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Data",
    unit="s",
    description="Seconds of the step that passed until its batch was there.",
    formula="clock after the batch was read - clock at the beginning of the step",
    source="Clock of this machine.",
    cadence="step",
    decimals=4,
    is_lower_better=True,
    healthy="Below a hundredth of the step.",
)
