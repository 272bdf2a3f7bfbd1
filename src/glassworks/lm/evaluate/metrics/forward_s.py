"""Time of a step in the forward pass."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Forward",
    unit="s",
    description="Seconds of the step in which the model computed its loss, all pieces of the batch together.",
    formula="sum over the pieces of the batch of the clock after - before the loss; on a GPU by its own clock",
    source="Clock of this machine, or of the device.",
    cadence="step",
    decimals=4,
    is_lower_better=True,
    healthy="About a third of the step.",
)
