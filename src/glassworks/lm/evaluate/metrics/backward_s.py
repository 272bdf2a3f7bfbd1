"""Time of a step in the backward pass."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Backward",
    unit="s",
    description="Seconds of the step in which gradients were computed, all pieces of the batch together.",
    formula="sum over the pieces of the batch of the clock after - before the gradient; on a GPU by its own clock",
    source="Clock of this machine, or of the device.",
    cadence="step",
    decimals=4,
    is_lower_better=True,
    healthy="About twice the forward pass: once for the inputs, once for the weights.",
)
