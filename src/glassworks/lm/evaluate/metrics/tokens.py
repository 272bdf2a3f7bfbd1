"""Tokens learned from so far."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Tokens",
    unit="tokens",
    description="Tokens learned from since the start of the run, each time that they were read.",
    formula="sum over steps of sequences * context",
    source="The batches.",
    cadence="step",
    decimals=0,
)
