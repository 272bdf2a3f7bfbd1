"""Guessing: every token of the vocabulary is as likely as any other. A model that learned nothing reaches this."""

import math
from typing import Any, Literal

import numpy as np
from pydantic import Field

from glassworks.lm.data import TokenReader
from glassworks.lm.evaluate.yardsticks.base import Yardstick, YardstickReport, loss_of
from glassworks.specs.base import Config as BaseConfig


class Uniform(Yardstick):
    """A uniform guess over the vocabulary."""

    class Config(BaseConfig):
        kind: Literal["uniform"] = Field(default="uniform", description="A uniform guess.")

    @staticmethod
    def measure(config: Any, train: TokenReader, validation: TokenReader) -> YardstickReport:
        nats_N = np.full(validation.num_tokens, math.log(validation.vocab_size))
        return YardstickReport(
            kind=config.kind, label="uniform guess", loss=loss_of(validation, nats_N)
        )
