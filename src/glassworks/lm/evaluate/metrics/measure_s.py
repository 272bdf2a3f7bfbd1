"""Time that training stood still for being measured."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Measuring",
    unit="s",
    description="Seconds that training stood still since the step before for the validation loss, samples, tracked prompts and the figures of layers.",
    formula="clock after - before looking at the model",
    source="Clock of this machine.",
    cadence="step",
    decimals=4,
    is_lower_better=True,
    healthy="0 but at the steps that are measured.",
)
