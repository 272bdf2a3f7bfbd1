"""What a scorer is: settings, and one function that puts questions to a model and judges the answers.

The file name is the id, and the id of the metric that it measures (`glassworks.lm.evaluate.metrics`). `Config` has
`kind: Literal["<file name>"]` first.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from glassworks.lm.checkpoint import Checkpoint
from glassworks.lm.data import TokenReader
from glassworks.lm.tokenizer import Tokenizer
from glassworks.specs.base import Config, Spec

Z_95 = 1.959964


class ScoreReport(Spec):
    """`value` is a share; `low` to `high` holds the true one in 95 of 100 such draws (Wilson's interval)."""

    kind: str
    value: float
    low: float
    high: float
    num_items: int


@dataclass(frozen=True)
class ScoredItem:
    """One question, as text; `score` is 1 for right and 0 for wrong, or a figure of the scorer's own."""

    kind: str
    id: str
    prompt: str
    expected: str
    output: str
    score: float


class Scorer(ABC):
    """Base of all scorers."""

    Config: ClassVar[type[Config]]

    @staticmethod
    @abstractmethod
    def score(
        config: Any,
        checkpoint: Checkpoint,
        tokenizer: Tokenizer,
        validation: TokenReader,
        progress: Callable[[int, int], None],
    ) -> list[ScoredItem]:
        """Judge the answers to held-out questions. `progress(done, total)` may raise Stopped."""


def share_report(kind: str, items: list[ScoredItem]) -> ScoreReport:
    """The share of right answers with its Wilson interval (Wilson 1927)."""
    num = len(items)
    share = sum(item.score for item in items) / num
    spread = Z_95 * math.sqrt(share * (1 - share) / num + Z_95**2 / (4 * num**2))
    middle, scale = share + Z_95**2 / (2 * num), 1 + Z_95**2 / num
    return ScoreReport(
        kind=kind,
        value=share,
        low=max(0.0, (middle - spread) / scale),
        high=min(1.0, (middle + spread) / scale),
        num_items=num,
    )
