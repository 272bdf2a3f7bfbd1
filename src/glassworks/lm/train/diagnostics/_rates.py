"""Learning rates as settings: how far a step is in the schedule, and what to set them to.

A setting is named as the stage has it (`optimizer.learning_rate`); who shows it puts the node's name before.
"""

from typing import Any

from pydantic import BaseModel

from glassworks.lm.train.config import TrainConfig
from glassworks.lm.train.diagnostics._numbers import digits
from glassworks.lm.train.optimizers import OPTIMIZERS
from glassworks.specs.events import RemedySpec

RATE = "learning_rate"


def full_rate_share(row: dict[str, float | int], config: TrainConfig) -> float:
    """The schedule's factor at this step: 1 at the height of the learning rate."""
    return float(row[RATE]) / config.optimizer.learning_rate


def usual_rates(config: TrainConfig) -> dict[str, float]:
    """Every learning rate of the optimizer -> the one that it has by default."""
    usual = OPTIMIZERS.load(config.optimizer.kind).Config(kind=config.optimizer.kind)
    return dict(_rates(usual, "optimizer"))


def scaled_rates(config: TrainConfig, factor: float) -> dict[str, float]:
    """Every learning rate of the optimizer, times `factor`."""
    rates = _rates(config.optimizer, "optimizer")
    return {name: digits(value * factor) for name, value in rates}


def lower_rates(config: TrainConfig) -> RemedySpec:
    """The usual rates where a rate is above them, else a third of what stands there."""
    now, usual = dict(_rates(config.optimizer, "optimizer")), usual_rates(config)
    too_high = {name: usual[name] for name in now if now[name] > 1.5 * usual.get(name, now[name])}
    if too_high:
        return RemedySpec(
            text="Go back to the optimizer's usual learning rate.",
            settings=dict(too_high),
        )
    return RemedySpec(
        text="Take a third of the learning rate.", settings=dict(scaled_rates(config, 1 / 3))
    )


def _rates(config: BaseModel, path: str) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for name in type(config).model_fields:
        value: Any = getattr(config, name)
        if isinstance(value, BaseModel):
            found += _rates(value, f"{path}.{name}")
        elif name == RATE and value is not None:
            found.append((f"{path}.{name}", float(value)))
    return found
