"""Spread of a layer's attention scores."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Attention logit spread",
    unit="",
    description="Standard deviation of the attention scores of a layer, before softmax makes shares of them.",
    formula="standard deviation over heads and visible pairs of q k / sqrt(numbers per head), with whatever the position adds",
    source="Wortsman et al., Small-scale proxies for large-scale Transformer training instabilities (2023), section 3.1.",
    cadence="layers",
    decimals=2,
    is_log=True,
    healthy="About 1 at the start, a few later on.",
)
