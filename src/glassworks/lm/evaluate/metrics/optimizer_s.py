"""Time of a step in which the weights are changed."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Optimizer",
    unit="s",
    description="Seconds of the step in which the gradient was clipped and the weights were changed.",
    formula="clock at the end of the step - clock after the last gradient; on a GPU by its own clock",
    source="Clock of this machine, or of the device.",
    cadence="step",
    decimals=4,
    is_lower_better=True,
    healthy="A small part of the step; larger with Muon, or with many weights and few tokens.",
)
