"""NaN: the loss or the gradient is no number any more, so there is nothing left to learn from.

Looks at: the end that the loop meets (`Diverged`), and the part of the model where the first number broke, which
`nonfinite.py` finds by computing that batch once more.
Threshold: none; infinity and "not a number" are facts. It speaks in the step itself, before the run fails.
"""

from glassworks.lm.train.diagnostics._rates import lower_rates
from glassworks.lm.train.diagnostics.base import (
    CALM,
    Broken,
    Diagnostic,
    Fact,
    Finding,
    Memory,
    Plan,
    Verdict,
)
from glassworks.specs.events import RemedySpec

USUAL_CLIP_NORM = 1.0
USUAL_DECAY = 0.1


class NaN(Diagnostic):
    """A number that broke."""

    level = "bad"
    within = 0
    source = "IEEE 754: infinity and NaN stay what they are in every further step."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        if not isinstance(fact, Broken):
            return memory, CALM
        where = f", first in {fact.place}" if fact.place else ""
        cause, remedy = _why(plan)
        config = plan.config
        evidence: dict[str, float | int | str] = {
            "learning_rate": config.optimizer.learning_rate,
            "weight_decay": config.optimizer.weight_decay,
            "clip_norm": config.clip_norm,
        }
        if fact.place:
            evidence["place"] = fact.place
        message = f"At step {fact.step:,} {fact.what}{where}."
        return memory, Finding(message, cause, evidence, remedy)


def _why(plan: Plan) -> tuple[str, RemedySpec]:
    """The likeliest reason among the settings: they say more than the number that broke."""
    config = plan.config
    pull = config.optimizer.learning_rate * config.optimizer.weight_decay
    if pull > 1:
        return (
            f"Weight decay times learning rate is {pull:.3g}. Above 1, a step does not pull the weights to zero but "
            "beyond it; above 2 they grow at every step until no number holds them.",
            RemedySpec(
                text=f"A weight decay of {USUAL_DECAY} pulls gently.",
                settings={"optimizer.weight_decay": USUAL_DECAY},
            ),
        )
    if config.clip_norm == 0:
        return (
            "Gradients are not clipped, so one long gradient could throw the weights out of range.",
            RemedySpec(
                text=f"Scale longer gradients down to {USUAL_CLIP_NORM:g}.",
                settings={"clip_norm": USUAL_CLIP_NORM},
            ),
        )
    return (
        "The steps are too long for this model: its weights grew until a product of them left the range of numbers.",
        lower_rates(config),
    )
