"""How fast the model reads what it learns from."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Tokens per second",
    unit="tokens/s",
    description="How many tokens are learned from in a second, without the time for measuring, writing and saving.",
    formula="tokens of the step / seconds of the step",
    source="Clock of this machine.",
    cadence="step",
    decimals=0,
    is_lower_better=False,
    healthy="Steady. It falls when something else uses the machine.",
)
