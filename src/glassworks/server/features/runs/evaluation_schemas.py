"""What a run measured at its end, on text that its model never read. Losses lower is better; intervals hold 95 %."""

from pydantic import ConfigDict

from glassworks.server.features.runs import examples
from glassworks.specs.base import Spec

Interval = tuple[float, ...]
"""Its lower and its upper end."""


class HeldOutLossView(Spec):
    """`num_bytes`: of the held-out text as imported."""

    nats_per_token: float
    bits_per_byte: float
    nats_interval: Interval | None = None
    bits_interval: Interval | None = None
    num_tokens: int
    num_bytes: int


class YardstickView(Spec):
    """Something simple that was measured on the same text, e.g. a uniform guess or an n-gram."""

    kind: str
    label: str
    loss: HeldOutLossView


class ScoreView(Spec):
    """`value`: share of `num_items` questions that were answered rightly."""

    kind: str
    value: float
    low: float
    high: float
    num_items: int


class EvaluationView(Spec):
    """One evaluation of a run: the loss beside that of yardsticks, and scores."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EVALUATION]})

    artifact: str
    step: int
    loss: HeldOutLossView | None = None
    yardsticks: tuple[YardstickView, ...] = ()
    scores: tuple[ScoreView, ...] = ()
