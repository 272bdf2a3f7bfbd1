"""Plateau: the loss has stopped falling, long before the run ends, with the learning rate still high.

Looks at: the mean loss of the older and of the newer half of the newest 300 steps (or of a quarter of the run, where that is
more).
Threshold: the newer half is lower by less than 0.2 % and by less than two standard errors of the difference, the learning
rate is at half its height or more, and a fifth of the run is still to come. At the end of a schedule a level loss is what one wants.
Source: ours; two standard errors are the usual 95 %.
"""

import math
from statistics import variance

from glassworks.lm.train.diagnostics._numbers import digits, mean, pushed
from glassworks.lm.train.diagnostics._rates import full_rate_share
from glassworks.lm.train.diagnostics.base import (
    CALM,
    Diagnostic,
    Fact,
    Finding,
    Memory,
    Plan,
    Step,
    Verdict,
)
from glassworks.specs.events import RemedySpec

LEAST_WINDOW = 300
SHARE_OF_RUN = 0.25
LEAST_FALL = 0.002
HIGH_RATE = 0.5
LEAST_LEFT = 0.2
HAS_LEARNED = 0.95
BLOCK = 10
"""Losses are kept as means of so many steps: less to save, and nearly independent."""


class Plateau(Diagnostic):
    """A loss that has become level."""

    within = LEAST_WINDOW + BLOCK
    source = "Ours: less than 0.2 % and less than two standard errors over 300 steps, at half the learning rate or more."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        if not isinstance(fact, Step):
            return memory, None
        loss = float(fact.row["loss"])
        first = memory.get("first", loss)
        block = [*memory.get("block", []), loss]
        kept = {"first": first, "block": block, "means": memory.get("means", [])}
        if len(block) < BLOCK:
            return kept, None
        half = max(LEAST_WINDOW, round(SHARE_OF_RUN * plan.config.steps)) // (2 * BLOCK)
        means = pushed(kept["means"], mean(block), 2 * half)
        kept = {"first": first, "block": [], "means": means}
        if len(means) < 2 * half:
            return kept, None
        return kept, _verdict(means[:half], means[half:], first, fact, plan)


def _verdict(old: list[float], new: list[float], first: float, fact: Step, plan: Plan) -> Verdict:
    before, now = mean(old), mean(new)
    error = math.sqrt((variance(old) + variance(new)) / len(new))
    has_time = fact.step <= (1 - LEAST_LEFT) * plan.config.steps
    is_high = full_rate_share(fact.row, plan.config) >= HIGH_RATE
    is_level = (
        before - now < min(LEAST_FALL * before, 2 * error) and abs(before - now) < 0.05 * before
    )
    if not (has_time and is_high and is_level and now < HAS_LEARNED * first):
        return CALM
    num_steps = 2 * len(new) * BLOCK
    width = plan.config.steps
    return Finding(
        message=f"Over the last {num_steps:,} steps the loss has stayed at {now:.3f} nats per token.",
        cause=(
            "The model has taken from the text what its size and its context let it take at this learning rate. More steps of "
            "this kind change little; the fall of the learning rate at the end still brings something."
        ),
        evidence={
            "mean_loss": digits(now),
            "mean_loss_before": digits(before),
            "standard_error": digits(error),
            "steps_looked_at": num_steps,
            "steps_left": width - fact.step,
        },
        remedy=RemedySpec(
            text="End here, with the schedule's fall; to go lower, take a larger model or a longer context.",
            settings={"steps": fact.step},
        ),
    )
