"""Divergence: the loss had come down, and now it climbs and does not come back.

Looks at: the mean loss of the newest 16 steps beside the lowest such mean so far.
Threshold: 0.5 nats above the lowest, or 15 % of it where that is more, with every one of the 16 losses above the lowest
mean. Healthy means of 16 move by a few hundredths. A run that never learned is not meant (see `learning_rate_high`): the
lowest mean must be a tenth below the first loss.
Source: Wortsman et al. 2023, "Small-scale proxies for large-scale Transformer training instabilities": slow divergence at high
learning rates; the numbers are ours.
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

WINDOW = 16
LEAST_NATS = 0.5
LEAST_SHARE = 0.15
HAS_LEARNED = 0.9


class Divergence(Diagnostic):
    """A loss that climbs for good."""

    level = "bad"
    within = 2 * WINDOW
    source = "Wortsman et al. 2023, Small-scale proxies for training instabilities; the numbers are ours, from healthy runs."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        if not isinstance(fact, Step):
            return memory, None
        loss = float(fact.row["loss"])
        losses = pushed(memory.get("losses", []), loss, WINDOW)
        kept = {**memory, "losses": losses, "first": memory.get("first", loss)}
        if len(losses) < WINDOW:
            return kept, None
        now = mean(losses)
        if now <= kept.get("best", now):
            return {**kept, "best": now, "best_step": fact.step}, CALM
        best = kept["best"]
        limit = best + max(LEAST_NATS, LEAST_SHARE * best)
        if best > HAS_LEARNED * kept["first"] or now <= limit or min(losses) <= best:
            return kept, CALM
        return kept, _finding(kept, now, limit, fact, plan)


def _finding(kept: Memory, now: float, limit: float, fact: Step, plan: Plan) -> Finding:
    return Finding(
        message=(
            f"The loss climbs: {now:.2f} nats per token over the last {WINDOW} steps, after {kept['best']:.2f} at step "
            f"{kept['best_step']:,}."
        ),
        cause=(
            "The steps have become too long for where the weights are: each one lands higher than it began. The learning "
            f"rate is {fact.row['learning_rate']:.3g} here."
        ),
        evidence={
            "mean_loss": digits(now),
            "lowest_mean_loss": digits(kept["best"]),
            "lowest_at_step": kept["best_step"],
            "limit": digits(limit),
            "learning_rate": digits(float(fact.row["learning_rate"])),
            "gradient_norm": digits(float(fact.row["gradient_norm"])),
        },
        remedy=lower_rates(plan.config),
    )
