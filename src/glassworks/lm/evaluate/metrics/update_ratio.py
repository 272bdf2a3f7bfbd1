"""How much of a layer one step changes."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Update to weight",
    unit="share",
    description="Length of what one step changed in a layer, as a share of the length of its weights.",
    formula="sqrt(sum of (w after - w before)^2) / sqrt(sum of (w before)^2), over the weights w of the layer",
    source="Karpathy, CS231n, Neural Networks Part 3: ratio of weights and updates (2015).",
    cadence="layers",
    decimals=5,
    is_log=True,
    healthy="About 1/1,000 with AdamW, up to 1/50 with Muon, while the learning rate is at its height; falls with it at the end.",
    healthy_from=0.0001,
    healthy_to=0.05,
    is_of_full_rate=True,
)
