"""Linear: the rate rises, then falls in a straight line to the end. Source: Devlin et al. 2019, "BERT"."""

from typing import Literal

from pydantic import Field

from glassworks.lm.train.schedules.base import Schedule, ScheduleConfig


class LinearConfig(ScheduleConfig):
    """Settings of the linear schedule."""

    kind: Literal["linear"] = Field(
        default="linear", description="Rise, then fall in a straight line to the end."
    )


class Linear(Schedule):
    """After the rise: f + (1 - f) (1 - x), with x from 0 to 1 one step after the last."""

    Config = LinearConfig

    def factor(self, step: int) -> float:
        config: LinearConfig = self.config
        warmup = self.warmup_steps()
        if step <= warmup:
            return self.rise(step)
        x = (step - warmup) / (self.num_steps + 1 - warmup)
        return config.final_factor + (1 - config.final_factor) * (1 - x)
