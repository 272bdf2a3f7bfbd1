"""Share of a layer's hidden units that never fire."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Dead units",
    unit="share",
    description="Share of the hidden units of a layer's feed-forward part that stay silent at every position that was looked at.",
    formula="units with |h| <= 0.001 * sqrt(mean of h^2 over the layer) at every position / units of the layer",
    source="Lu et al., Dying ReLU and Initialization (2019); the threshold, for units that are never exactly 0, is ours.",
    cadence="layers",
    is_lower_better=True,
    healthy="Below 0.2. A dead unit gets no gradient through a ReLU, so it stays dead.",
    healthy_from=0.0,
    healthy_to=0.2,
)
