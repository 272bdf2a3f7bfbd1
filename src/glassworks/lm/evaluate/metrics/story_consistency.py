"""Share of stories that are told to the end without a contradiction."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Story consistency",
    unit="share",
    description="Share of held-out story openings that the model brings to an end with the same hero, thing, home and friend, and the "
    "wish that was made.",
    formula="stories without a contradiction / stories told; interval: Wilson, 95 %",
    source="Our own; after the idea of Eldan & Li, TinyStories (2023), that small models can be judged by whether a story holds together.",
    cadence="evaluation",
    is_lower_better=False,
    healthy="Near 0 before the names are learned; rises late, when attention finds what was named far back.",
)
