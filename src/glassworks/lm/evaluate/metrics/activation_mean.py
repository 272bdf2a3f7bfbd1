"""Mean of a layer's hidden units."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Activation mean",
    unit="",
    description="Mean of the hidden units of a layer's feed-forward part, as its last matrix reads them.",
    formula="mean over positions and units of h; h: after the nonlinearity, times the gate where there is one",
    source="Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), figure 2.",
    cadence="layers",
    healthy="Steady. A mean that walks away over many steps says that the units saturate.",
)
