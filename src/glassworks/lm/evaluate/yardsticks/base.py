"""What a yardstick is: a simple model, fitted to the training tokens and measured on the validation tokens.

The file name is the id. `Config` has `kind: Literal["<file name>"]` first.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np

from glassworks.lm.data import TokenReader
from glassworks.lm.evaluate.loss import LossReport, LossTally, Nats
from glassworks.specs.base import Config, Spec

WINDOW = 128
"""Tokens that hang together, for the interval where there are few documents."""


class YardstickReport(Spec):
    """`label`: what a screen calls it, e.g. `4-gram`."""

    kind: str
    label: str
    loss: LossReport
    details: dict[str, Any] = {}


class Yardstick(ABC):
    """Base of all yardsticks."""

    Config: ClassVar[type[Config]]

    @staticmethod
    @abstractmethod
    def measure(config: Any, train: TokenReader, validation: TokenReader) -> YardstickReport:
        """Fit on `train`, measure on every token of `validation` that counts."""


def loss_of(validation: TokenReader, nats_N: Nats) -> LossReport:
    """The report for - ln p of every token of the validation stream; masked tokens are left out, as for a model."""
    counted_N = np.flatnonzero(validation.mask())
    tally = LossTally(validation, WINDOW)
    tally.add(counted_N, nats_N[counted_N])
    return tally.report()
