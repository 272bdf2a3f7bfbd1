"""How evenly a mixture of experts uses its experts."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Balance of experts",
    unit="",
    description="How unevenly the experts of a mixture are asked, mean over layers: 1 when all are asked alike. It is "
    "added to the loss in training, times its weight, and is no part of the loss shown.",
    formula="number of experts * sum over experts of (share of choices that went to it) * (mean share its router gives it)",
    source="Fedus et al. 2022, Switch Transformers: equation 4.",
    cadence="step",
    is_lower_better=True,
    healthy="Falls to nearly 1 within the first hundreds of steps. Well above 1: few experts do the work, the others learn "
    "nothing; raise balance_weight.",
)
