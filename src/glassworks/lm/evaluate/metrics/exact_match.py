"""Share of answers that are right to the last character."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Exact match",
    unit="share",
    description="Share of held-out questions whose answer the model writes exactly, always taking its likeliest token.",
    formula="right answers / questions; interval: Wilson, 95 %",
    source="Wilson, Probable Inference, the Law of Succession, and Statistical Inference (1927), for the interval.",
    cadence="evaluation",
    is_lower_better=False,
    healthy="Near 1 when the rule was learned; near the share seen in training when it was learned by heart.",
)
