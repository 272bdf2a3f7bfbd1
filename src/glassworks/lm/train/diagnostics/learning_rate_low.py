"""Learning rate far too low: many steps at the full rate, and the loss is nearly where it began.

Looks at: the mean loss of the newest 8 steps once the run has done the work of 80 steps at the height of its learning rate (the
steps of a warm-up count by their share of it), beside the first loss.
Threshold: less than 5 % of the first loss gone, and never 5 % above it: a loss that was thrown about has another fault. How often
each token occurs is learned first and fast: it alone takes a fifth off ln(vocabulary) for text. Only for fresh weights: the
first loss must be near ln(vocabulary), for a model that begins from a checkpoint may have little left to gain.
Source: ours, from healthy runs: after 80 such steps the slowest had lost 16 %.
"""

import math

from glassworks.lm.train.diagnostics._numbers import digits, mean, pushed
from glassworks.lm.train.diagnostics._rates import full_rate_share, scaled_rates, usual_rates
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

WINDOW = 8
FULL_RATE_STEPS = 80
LEAST_FALL = 0.05
IS_FRESH = 0.9


class LearningRateLow(Diagnostic):
    """A loss that hardly moves."""

    within = FULL_RATE_STEPS
    source = "Ours, from healthy runs: after 80 steps at full rate the slowest had lost 16 % of its first loss."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        if not isinstance(fact, Step) or memory.get("is_past"):
            return memory, None
        loss = float(fact.row["loss"])
        kept: Memory = {
            "losses": pushed(memory.get("losses", []), loss, WINDOW),
            "first": memory.get("first", loss),
            "highest": max(memory.get("highest", loss), loss),
            "done": memory.get("done", 0.0) + full_rate_share(fact.row, plan.config),
        }
        if kept["done"] < FULL_RATE_STEPS - 0.5:
            return kept, None
        first, now = kept["first"], mean(kept["losses"])
        is_fresh = first > IS_FRESH * math.log(plan.vocab_size)
        is_still = (1 - LEAST_FALL) * first < now <= first and kept["highest"] < (
            1 + LEAST_FALL
        ) * first
        if not is_fresh or not is_still:
            return {"is_past": True}, CALM
        return {"is_past": True}, _finding(now, first, fact, plan)


def _finding(now: float, first: float, fact: Step, plan: Plan) -> Finding:
    rate = plan.config.optimizer.learning_rate
    return Finding(
        message=(
            f"After {fact.step:,} steps the loss is {now:.3f} nats per token; it began at {first:.3f}. It falls, but it will "
            "not arrive."
        ),
        cause=(
            f"The learning rate is far too low: at {rate:.3g} a step hardly moves the weights. The gradient, at a length of "
            f"{fact.row['gradient_norm']:.2g}, does point somewhere."
        ),
        evidence={
            "mean_loss": digits(now),
            "first_loss": digits(first),
            "share_gone": digits(1 - now / first),
            "learning_rate": rate,
            "gradient_norm": digits(float(fact.row["gradient_norm"])),
        },
        remedy=_remedy(plan),
    )


def _remedy(plan: Plan) -> RemedySpec:
    usual = usual_rates(plan.config)
    if usual.get("optimizer.learning_rate", 0.0) > 1.5 * plan.config.optimizer.learning_rate:
        return RemedySpec(
            text="Take the optimizer's usual learning rate.",
            settings=dict(usual),
        )
    return RemedySpec(
        text="Take ten times the learning rate.", settings=dict(scaled_rates(plan.config, 10.0))
    )
