"""Length of one layer's gradient before clipping."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Gradient norm of a layer",
    unit="",
    description="Length of the gradient of all weights of one layer together, before it is clipped.",
    formula="sqrt(sum over the weights w of the layer of (d loss / d w)^2), loss: the mean of the whole batch",
    source="Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), figure 7.",
    cadence="layers",
    is_log=True,
    healthy="Layers of the same size within a factor of ten of each other. One that sinks to 0 learns nothing; one that rises alone diverges.",
)
