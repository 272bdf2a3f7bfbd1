"""Data repeating: the run will read the same text so often that most of its reading teaches nothing new.

Looks at: the plan alone, so it speaks with the first step: how often each part of the text is read before the run's end.
Threshold: 16 times. Up to four times repeated text is nearly as good as new; what repeats add decays as exp(-repeats / 15.4), so
after 16 readings a further one is worth about a third of fresh text, and a model may begin to learn by heart.
Source: Muennighoff et al. 2023, "Scaling Data-Constrained Language Models", equation 5 and figure 5.
"""

from glassworks.lm.train.diagnostics._numbers import digits, times
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

MOST_EPOCHS = 16.0
GOOD_EPOCHS = 4.0


class DataRepeating(Diagnostic):
    """The same text again and again."""

    within = 1
    source = "Muennighoff et al. 2023, Scaling Data-Constrained Language Models: value of repeats decays by e in 15.4 epochs."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        if not isinstance(fact, Step):
            return memory, None
        part, epochs = max(plan.epochs.items(), key=lambda one: one[1], default=("", 0.0))
        if epochs <= MOST_EPOCHS:
            return memory, CALM
        return memory, _finding(part, epochs, plan)


def _finding(part: str, epochs: float, plan: Plan) -> Finding:
    steps = max(1, round(plan.config.steps * GOOD_EPOCHS / epochs))
    what = f"the part {part}" if part else "its text"
    return Finding(
        message=f"The run will read {what} {times(epochs)} times.",
        cause=(
            "There is little text for so many steps. What is read a fifth time and more teaches less and less, and the model "
            "may begin to learn it by heart."
        ),
        evidence={"epochs": digits(epochs), "limit": MOST_EPOCHS, "steps": plan.config.steps},
        remedy=RemedySpec(
            text=f"Read it {GOOD_EPOCHS:g} times, or bring more text.", settings={"steps": steps}
        ),
    )
