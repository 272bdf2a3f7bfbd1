"""Length of the gradient before clipping."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Gradient norm",
    unit="",
    description="Length of the whole gradient, all weights together, before it is clipped.",
    formula="sqrt(sum over all weights w of (d loss / d w)^2)",
    source="Pascanu et al., On the difficulty of training recurrent neural networks (2013): clipping by norm.",
    cadence="step",
    healthy="Settles after the warm-up. Single spikes are clipped; a steady rise announces divergence.",
)
