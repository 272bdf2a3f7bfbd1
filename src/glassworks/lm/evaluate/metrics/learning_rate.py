"""How large a step is."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Learning rate",
    unit="",
    description="How large the steps of the weights are; the schedule changes it over the run.",
    formula="learning rate of the optimizer * factor of the schedule at this step",
    source="The schedule that the run was given.",
    cadence="step",
    decimals=5,
    healthy="Rises in the first few percent of the steps and is near 0 at the end.",
)
