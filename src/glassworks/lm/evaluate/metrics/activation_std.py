"""Spread of a layer's hidden units."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Activation spread",
    unit="",
    description="Standard deviation of the hidden units of a layer's feed-forward part, as its last matrix reads them.",
    formula="sqrt(mean over positions and units of (h - mean h)^2)",
    source="Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), figure 2.",
    cadence="layers",
    is_log=True,
    healthy="Of the same size from layer to layer. Near 0: the signal dies out; growing from layer to layer: it explodes.",
)
