"""A real run with one fault for each diagnostic, and when that fault shows.

`shows` reads the run's own figures, by another road than the rule does: it returns after which step (or at which step of
an evaluation or a measurement) a person would see the fault. `promised` is the last step at which the rule may speak.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from glassworks.lm.train.diagnostics import DIAGNOSTICS
from tests.lm.train.diagnostics.runs import SMALL, evaluations, losses, measurements
from tests.stages.bench import BenchContext

ALL_DECAY = ["matrices", "head", "embeddings"]
"""What a long step also pulls: the embeddings."""
HOLD = {"kind": "warmup_stable_decay", "warmup": 0.05, "decay": 0}
WITHOUT_QK_NORM = {**SMALL, "attention": {"kind": "grouped", "heads": 2, "has_qk_norm": False}}


def adamw(**settings: Any) -> dict[str, Any]:
    return {"kind": "adamw", **settings}


@dataclass(frozen=True)
class Fault:
    """How to train so that it is there, and the first step at which it shows."""

    shows: Callable[[BenchContext], int]
    settings: dict[str, Any]
    text: str = "stories"
    architecture: dict[str, Any] = field(default_factory=lambda: SMALL)
    remedy: tuple[str, ...] = ()
    """Settings that the remedy changes."""


def at_once(context: BenchContext) -> int:
    return 0


def above_the_first_loss(context: BenchContext) -> int:
    values = losses(context)
    return next(step for step, loss in enumerate(values, 1) if loss > values[0] + 0.5)


def five_steps_above_the_lowest(context: BenchContext) -> int:
    """The end of five steps in a row that are half a nat and 15 % above the middle of the best five before."""
    values = losses(context)
    for end in range(10, len(values)):
        best = min(sorted(values[at : at + 5])[2] for at in range(end - 9))
        if min(values[end - 4 : end + 1]) > best + max(0.5, 0.15 * best):
            return end + 1
    raise AssertionError("the loss never climbed")


def above_all_before(context: BenchContext) -> int:
    """A loss that is half a nat above the 32 before it, once they are even."""
    values = losses(context)
    for at in range(32, len(values)):
        before = values[at - 32 : at]
        if values[at] > max(before[8:]) + 0.5 * (max(before[8:]) - min(before)) + 0.5:
            return at + 1
    raise AssertionError("the loss never jumped")


def level_for_good(context: BenchContext) -> int:
    """The first step from which the next fifty are as low, within 1 %, as the last hundred of the run."""
    values = losses(context)
    low = sum(values[-100:]) / 100
    return next(at for at in range(len(values) - 50) if sum(values[at : at + 50]) / 50 < 1.01 * low)


def validation_has_turned(context: BenchContext) -> int:
    """The step before the first evaluation that is 2 % above one before it."""
    found = [(event.step, event.values["validation_loss"]) for event in evaluations(context)]
    for number in range(2, len(found)):
        if found[number][1] > 1.02 * min(value for _, value in found[1:number]):
            return found[number - 1][0]
    raise AssertionError("validation never rose")


def measured(metric: str, is_bad: Callable[[float], bool]) -> Callable[[BenchContext], int]:
    """The step before the first measurement in which a layer is bad."""

    def shows(context: BenchContext) -> int:
        before = 0
        for event in measurements(context):
            values = [value for value in event.values[metric] if value is not None]
            if any(map(is_bad, values)):
                return before
            before = event.step
        raise AssertionError(f"{metric} was never bad")

    return shows


def cadence(diagnostic: str, settings: dict[str, Any]) -> int:
    """Steps between two of the facts that the rule counts."""
    unit = DIAGNOSTICS.load(diagnostic).unit
    return int(
        {
            "steps": 1,
            "evaluations": settings.get("evaluate_every", 1),
            "measurements": settings.get("layers_every", 1),
        }[unit]
    )


FAULTS: dict[str, Fault] = {
    "nan": Fault(
        shows=lambda context: len(context.rows) + 1,
        settings={
            "steps": 200,
            "clip_norm": 0,
            "optimizer": adamw(learning_rate=1.0, weight_decay=10),
        },
        remedy=("optimizer.weight_decay",),
    ),
    "learning_rate_high": Fault(
        shows=above_the_first_loss,
        settings={"steps": 40, "optimizer": adamw(learning_rate=1.0)},
        remedy=("optimizer.learning_rate",),
    ),
    "learning_rate_low": Fault(
        shows=at_once,
        settings={
            "steps": 90,
            "optimizer": adamw(learning_rate=1e-5),
            "schedule": {"kind": "cosine", "warmup": 0, "final_factor": 1},
        },
        remedy=("optimizer.learning_rate",),
    ),
    "divergence": Fault(
        shows=five_steps_above_the_lowest,
        settings={
            "steps": 150,
            "optimizer": adamw(learning_rate=2.0, decayed=ALL_DECAY),
            "schedule": {"kind": "warmup_stable_decay", "warmup": 1.0, "decay": 0},
        },
        remedy=("optimizer.learning_rate",),
    ),
    "spike": Fault(
        shows=above_all_before,
        settings={
            "steps": 80,
            "clip_norm": 0,
            "optimizer": adamw(learning_rate=0.02, beta2=0.3),
            "schedule": HOLD,
        },
        architecture=WITHOUT_QK_NORM,
        remedy=("optimizer.beta2",),
    ),
    "plateau": Fault(
        shows=level_for_good,
        text="sums",
        settings={
            "steps": 600,
            "batch_size": 64,
            "optimizer": adamw(learning_rate=0.05, decayed=ALL_DECAY),
            "schedule": HOLD,
        },
        architecture={
            "context": 2,
            "width": 8,
            "layers": 1,
            "attention": {"kind": "grouped", "heads": 1},
        },
        remedy=("steps",),
    ),
    "overfitting": Fault(
        shows=validation_has_turned,
        text="forty sums",
        settings={
            "steps": 75,
            "evaluate_every": 15,
            "optimizer": adamw(learning_rate=0.01),
            "schedule": HOLD,
        },
        architecture={**SMALL, "width": 48},
        remedy=("steps",),
    ),
    "dead_units": Fault(
        shows=measured("dead_share", lambda share: share >= 0.5),
        settings={
            "steps": 60,
            "layers_every": 10,
            "clip_norm": 0,
            "optimizer": adamw(learning_rate=0.1, beta2=0.5),
            "schedule": HOLD,
        },
        architecture={**WITHOUT_QK_NORM, "feed_forward": {"kind": "squared_relu"}},
        remedy=("optimizer.learning_rate",),
    ),
    "attention_collapse": Fault(
        shows=measured("attention_entropy", lambda entropy: entropy < 0.05),
        settings={
            "steps": 50,
            "layers_every": 10,
            "optimizer": adamw(learning_rate=0.3),
            "schedule": {"kind": "warmup_stable_decay", "warmup": 0},
        },
        architecture={**WITHOUT_QK_NORM, "feed_forward": {"kind": "squared_relu"}},
        remedy=("optimizer.learning_rate",),
    ),
    "data_repeating": Fault(
        shows=at_once, text="three sums", settings={"steps": 8}, remedy=("steps",)
    ),
    "memory_near_limit": Fault(shows=at_once, settings={"steps": 2}, remedy=("accumulation",)),
    "slow_data": Fault(
        shows=at_once,
        text="three sums",
        settings={"steps": 30, "batch_size": 1024},
        architecture={
            "context": 8,
            "width": 4,
            "layers": 1,
            "attention": {"kind": "grouped", "heads": 1},
        },
        remedy=("batch_size",),
    ),
}
