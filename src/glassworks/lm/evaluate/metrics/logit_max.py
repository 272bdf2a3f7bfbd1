"""Largest attention score of a layer."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Largest attention logit",
    unit="",
    description="Largest size of an attention score of a layer, before softmax makes shares of the scores.",
    formula="max over heads and visible pairs of |q k / sqrt(numbers per head)|, with whatever the position adds",
    source="Dehghani et al., Scaling Vision Transformers to 22 Billion Parameters (2023), section 3.1; Wortsman et al., Small-scale proxies for large-scale Transformer training instabilities (2023).",
    cadence="layers",
    decimals=1,
    is_lower_better=True,
    is_log=True,
    healthy="Below 50. Scores that keep growing end in divergence; QK-norm bounds them.",
    healthy_from=0.0,
    healthy_to=50.0,
)
