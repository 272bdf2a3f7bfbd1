"""Cosine: the rate rises, then falls along half a cosine wave. Source: Loshchilov and Hutter 2017, "SGDR"."""

import math
from typing import Literal

from pydantic import Field

from glassworks.lm.train.schedules.base import Schedule, ScheduleConfig


class CosineConfig(ScheduleConfig):
    """Settings of the cosine schedule."""

    kind: Literal["cosine"] = Field(
        default="cosine", description="Rise, then fall along half a cosine wave."
    )
    final_factor: float = Field(
        default=0.1, ge=0, le=1, description="What is left of the rate once the run is over."
    )


class Cosine(Schedule):
    """After the rise: f + (1 - f) (1 + cos(pi x)) / 2, with x from 0 to 1 one step after the last."""

    Config = CosineConfig

    def factor(self, step: int) -> float:
        config: CosineConfig = self.config
        warmup = self.warmup_steps()
        if step <= warmup:
            return self.rise(step)
        x = (step - warmup) / (self.num_steps + 1 - warmup)
        return config.final_factor + (1 - config.final_factor) * (1 + math.cos(math.pi * x)) / 2
