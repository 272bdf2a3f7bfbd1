"""Learning rate far too high: instead of falling, the loss jumps above where an untrained model begins.

Looks at: the mean loss of the newest 8 steps beside the very first loss.
Threshold: 0.5 nats above it. An untrained model guesses evenly, ln(vocabulary); to be worse than that a model must be sure of
the wrong thing, which no healthy start brings about. Steps of the warm-up count too: the rate is high when it is high.
Source: the first loss is ln(vocabulary) by construction (see `model/transformer.py`); half a nat is ours, from healthy runs.
"""

from glassworks.lm.train.diagnostics._numbers import digits, mean, pushed
from glassworks.lm.train.diagnostics._rates import lower_rates
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
ABOVE_NATS = 0.5
HAS_LEARNED = 0.9


class LearningRateHigh(Diagnostic):
    """A loss above that of a guess."""

    level = "bad"
    within = 40
    source = "A fresh model's first loss is ln(vocabulary); half a nat above it is ours, from healthy runs."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        if not isinstance(fact, Step):
            return memory, None
        loss = float(fact.row["loss"])
        losses = pushed(memory.get("losses", []), loss, WINDOW)
        kept = {**memory, "losses": losses, "first": memory.get("first", loss)}
        if len(losses) < WINDOW:
            return kept, None
        now, first = mean(losses), kept["first"]
        kept["best"] = min(now, memory.get("best", now))
        if kept["best"] < HAS_LEARNED * first or now <= first + ABOVE_NATS:
            return kept, CALM
        return kept, _finding(now, first, fact, plan)


def _finding(now: float, first: float, fact: Step, plan: Plan) -> Finding:
    optimizer = plan.config.optimizer
    pull = optimizer.learning_rate * optimizer.weight_decay
    rate = float(fact.row["learning_rate"])
    cause = f"The learning rate is far too high: at {rate:.3g} each step overshoots, and the next one must take it back."
    remedy = lower_rates(plan.config)
    if pull > 1:
        cause += f" Weight decay does its part: times the learning rate it is {pull:.3g}, and above 1 it overshoots zero."
        settings = {**remedy.settings, "optimizer.weight_decay": 0.1}
        remedy = RemedySpec(
            text="Go back to a usual learning rate and weight decay.", settings=settings
        )
    return Finding(
        message=(
            f"The loss is {now:.2f} nats per token over the last {WINDOW} steps, above the {first:.2f} that the run began "
            "with."
        ),
        cause=cause,
        evidence={
            "mean_loss": digits(now),
            "first_loss": digits(first),
            "limit": digits(first + ABOVE_NATS),
            "learning_rate": digits(rate),
            "gradient_norm": digits(float(fact.row["gradient_norm"])),
        },
        remedy=remedy,
    )
