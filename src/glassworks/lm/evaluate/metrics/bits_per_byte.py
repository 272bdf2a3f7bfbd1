"""Loss on held-out text per byte of it: the figure that can be compared across tokenizers."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Bits per byte",
    unit="bits/byte",
    description="How many bits the model needs, on average, to write down one byte of text that it never trained on.",
    formula="- sum over held-out text tokens of ln p(token | tokens before it) / ln 2 / bytes of the text as imported",
    source="Gao et al., The Pile: An 800GB Dataset of Diverse Text (2020), section 3.1.",
    cadence="evaluation",
    is_lower_better=True,
    healthy="Below the n-gram yardstick. English by a large model: below 1; plain bytes without a model: 8.",
)
