"""Spike: the loss jumps far above where it was, in one step.

Looks at: the loss of each step beside the 32 before it.
Threshold: 8 robust standard deviations (from the median absolute deviation) above their median, and at least 0.5 nats, so
that a run with a very even loss does not speak of nothing. For normal noise 8 deviations come once in 10^15 steps; batches
have longer tails, hence so many. It waits four steps to see what became of the jump: a loss that stays up means that the
weights were hurt, one that is back means that this one batch was unlike the others.
Source: Chowdhery et al. 2022, "PaLM", section 5.1: loss spikes in spite of clipping. That Adam needs a beta2 well above beta1
squared: Zhang et al. 2022, "Adam Can Converge Without Any Modification On Update Rules".
"""

from glassworks.lm.train.diagnostics._numbers import digits, mean, middle_and_spread, pushed
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

WINDOW = 32
NUM_DEVIATIONS = 8.0
LEAST_NATS = 0.5
NUM_AFTER = 4
USUAL_BETA2 = 0.95


class Spike(Diagnostic):
    """A jump of the loss in one step."""

    within = NUM_AFTER
    source = "Chowdhery et al. 2022, PaLM, section 5.1; eight robust deviations are ours, from healthy runs."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        if not isinstance(fact, Step):
            return memory, None
        loss = float(fact.row["loss"])
        if jump := memory.get("jump"):
            return _look_after(memory, jump, loss, plan)
        before = memory.get("losses", [])
        kept = {"losses": pushed(before, loss, WINDOW), "norm": fact.row["gradient_norm"]}
        if len(before) < WINDOW:
            return kept, None
        middle, spread = middle_and_spread(before)
        limit = middle + max(LEAST_NATS, NUM_DEVIATIONS * spread)
        if loss <= limit:
            return kept, CALM
        jump = {
            "step": fact.step,
            "loss": loss,
            "middle": middle,
            "limit": limit,
            "norm": float(fact.row["gradient_norm"]),
            "norm_before": memory.get("norm", 0.0),
            "after": [],
        }
        return {**memory, "jump": jump}, None


def _look_after(memory: Memory, jump: Memory, loss: float, plan: Plan) -> tuple[Memory, Verdict]:
    """Gather the steps after a jump; with the last of them, say what it was. The window then begins anew."""
    after = [*jump["after"], loss]
    if len(after) < NUM_AFTER:
        return {**memory, "jump": {**jump, "after": after}}, None
    is_hurt = mean(after) > (jump["middle"] + jump["limit"]) / 2
    evidence = {
        "spike_step": jump["step"],
        "loss": digits(jump["loss"]),
        "median_before": digits(jump["middle"]),
        "limit": digits(jump["limit"]),
        "mean_after": digits(mean(after)),
        "gradient_norm": digits(jump["norm"]),
        "gradient_norm_before": digits(jump["norm_before"]),
    }
    message = f"At step {jump['step']:,} the loss jumped from about {jump['middle']:.2f} to {jump['loss']:.2f} nats per token."
    finding = Finding(message, _cause(is_hurt, plan), evidence, _remedy(is_hurt, plan))
    return {"losses": []}, finding


def _cause(is_hurt: bool, plan: Plan) -> str:
    if not is_hurt:
        return (
            "The loss was back at once, so the weights are sound: the batch of that step holds text unlike the rest. Look at "
            "what was read there."
        )
    if (beta2 := _low_beta2(plan)) is not None:
        return (
            f"The loss stayed up: a step was too long. AdamW divides each step by the size of the gradients that it remembers, "
            f"and with a beta2 of {beta2:g} it remembers hardly any, so steps are long where gradients were small."
        )
    return (
        "The loss stayed up: a step before it was too long and threw the weights off. That happens where gradients are "
        "not clipped, or where the learning rate is at the edge of what the model bears."
    )


def _remedy(is_hurt: bool, plan: Plan) -> RemedySpec | None:
    if not is_hurt:
        return RemedySpec(
            text="Clean the dataset of what is unlike the rest; clipping harder softens such a batch.",
            settings={"clip_norm": 0.5 * (plan.config.clip_norm or 1.0)},
        )
    if _low_beta2(plan) is not None:
        return RemedySpec(
            text="Let AdamW remember its gradients for longer.",
            settings={"optimizer.beta2": USUAL_BETA2},
        )
    if plan.config.clip_norm == 0:
        return RemedySpec(
            text="Clip the gradient, so that no single batch can throw the weights.",
            settings={"clip_norm": 1.0},
        )
    return lower_rates(plan.config)


def _low_beta2(plan: Plan) -> float | None:
    """`beta2` where it is too low for `beta1`, else None."""
    optimizer = plan.config.optimizer
    beta1, beta2 = getattr(optimizer, "beta1", 0.0), getattr(optimizer, "beta2", None)
    return beta2 if beta2 is not None and beta2 < beta1**2 else None
