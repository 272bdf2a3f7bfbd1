"""Loss of one step, on the batch that it learns from."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Loss",
    unit="nats/token",
    description="How surprised the model is, on average, by each next token of the batch that it is about to learn from.",
    formula="-1/N * sum over the N trained tokens of the batch of ln p(token | tokens before it)",
    source="Shannon, A Mathematical Theory of Communication (1948): cross-entropy.",
    cadence="step",
    is_lower_better=True,
    healthy="Starts at ln(vocabulary size), falls fast, then slowly; a sudden rise that does not come back is divergence.",
)
