"""How widely a layer's heads look around."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Attention entropy",
    unit="share",
    description="How widely the heads of a layer look: 1 when every visible position gets the same attention, 0 when one gets it all.",
    formula="mean over heads and positions of (- sum over visible s of a_s ln a_s) / ln(number of visible s); a: attention",
    source="Zhai et al., Stabilizing Transformer Training by Preventing Attention Entropy Collapse (2023); divided by its largest value.",
    cadence="layers",
    healthy="Falls from 1 and stays above 0.05. Lower in every head of a layer: attention has collapsed.",
    healthy_from=0.05,
    healthy_to=1.0,
)
