"""Warm up, hold, decay: the rate rises, stays, and falls in a straight line over the last part.

Most of the run knows nothing of its length, so a longer run is the same run with a later fall. Source: Hu et al. 2024,
"MiniCPM".
"""

from typing import Literal

from pydantic import Field

from glassworks.lm.train.schedules.base import Schedule, ScheduleConfig


class WarmupStableDecayConfig(ScheduleConfig):
    """Settings of warm up, hold, decay."""

    kind: Literal["warmup_stable_decay"] = Field(
        default="warmup_stable_decay", description="Rise, hold, then fall in a straight line."
    )
    decay: float = Field(
        default=0.4,
        ge=0,
        le=1,
        description="Share of the steps at the end in which the rate falls.",
    )


class WarmupStableDecay(Schedule):
    """min(rise, fall); the fall is a straight line that would reach `final_factor` one step after the last."""

    Config = WarmupStableDecayConfig

    def factor(self, step: int) -> float:
        config: WarmupStableDecayConfig = self.config
        num_falling = round(config.decay * self.num_steps)
        num_left = self.num_steps + 1 - step
        share_left = min(1.0, num_left / (num_falling + 1))
        fall = config.final_factor + (1 - config.final_factor) * share_left
        return min(self.rise(step), fall)
