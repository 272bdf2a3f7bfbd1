"""Share of the machine's measured matrix-multiply rate that training uses."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Utilization",
    unit="share",
    description="Share of the fastest matrix multiplication measured on this machine that training really uses.",
    formula="3 * forward FLOPs per token * tokens/s / FLOP/s of a large square matrix product in the same dtype",
    source="Chowdhery et al., PaLM (2022), appendix B; the ceiling is measured by `glassworks doctor`, not taken from a data sheet.",
    cadence="step",
    decimals=2,
    is_lower_better=False,
    healthy="Small models stay below 0.4, since their matrices are small; large ones reach 0.5 to 0.7.",
)
