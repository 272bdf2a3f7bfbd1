"""What a schedule is: a pure function from a step to a factor between 0 and 1 on every learning rate.

Its parts are shares of the whole run, so that a run of any length keeps the same form.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from pydantic import Field

from glassworks.specs.base import Config


class ScheduleConfig(Config):
    """What all schedules share. `kind` is the file's name."""

    kind: str
    warmup: float = Field(
        default=0.02, ge=0, le=1, description="Share of the steps in which the rate rises from 0."
    )
    final_factor: float = Field(
        default=0.0, ge=0, le=1, description="What is left of the rate once the run is over."
    )


class Schedule(ABC):
    """The factor on the learning rates at each of `num_steps` steps."""

    Config: ClassVar[type[ScheduleConfig]]

    def __init__(self, config: Any, num_steps: int) -> None:
        self.config = config
        self.num_steps = num_steps

    @abstractmethod
    def factor(self, step: int) -> float:
        """The factor at `step`, counted 1 ... `num_steps`."""

    def warmup_steps(self) -> int:
        """Steps of the rise, a whole number."""
        return round(float(self.config.warmup) * self.num_steps)

    def rise(self, step: int) -> float:
        """1 / W, 2 / W, ..., 1 over the W steps of the warm-up; 1 after it."""
        return min(1.0, step / max(1, self.warmup_steps()))
