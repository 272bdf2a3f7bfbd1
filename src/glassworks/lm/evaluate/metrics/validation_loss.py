"""Loss on text that was held out, in nats per token."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Validation loss",
    unit="nats/token",
    description="How surprised the model is, on average, by each next token of text that it never trained on.",
    formula="-1/N * sum over N held-out tokens of ln p(token | tokens before it)",
    source="Shannon, A Mathematical Theory of Communication (1948): cross-entropy.",
    cadence="evaluation",
    is_lower_better=True,
    healthy="Starts near ln(vocabulary size) and falls. When it rises while the loss falls, the model learns by heart.",
)
