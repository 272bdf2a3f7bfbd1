"""Overfitting: the model learns its text by heart. The training loss falls, the validation loss rises.

Looks at: the validation loss of each evaluation beside the lowest so far, and the mean training loss of the newest 16 steps
beside what it was at that lowest point.
Threshold: validation at least 2 % above its lowest in two evaluations in a row, while the training loss is lower than it was. The
same held-out tokens are measured each time, so 2 % are no accident of drawing.
Source: Prechelt 1998, "Early Stopping - But When?": the generalization loss GL, 100 (validation / lowest - 1); he stops at 1 to 5.
"""

from glassworks.lm.train.diagnostics._numbers import digits, mean, pushed, times
from glassworks.lm.train.diagnostics.base import (
    CALM,
    Diagnostic,
    Evaluated,
    Fact,
    Finding,
    Memory,
    Plan,
    Step,
    Verdict,
)
from glassworks.specs.events import RemedySpec

WINDOW = 16
LEAST_RISE = 0.02
NUM_IN_A_ROW = 2


class Overfitting(Diagnostic):
    """Validation rises while training falls."""

    within = NUM_IN_A_ROW
    unit = "evaluations"
    source = (
        "Prechelt 1998, Early Stopping - But When?: generalization loss above 2 %, twice in a row."
    )

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        if isinstance(fact, Step):
            losses = pushed(memory.get("losses", []), float(fact.row["loss"]), WINDOW)
            return {**memory, "losses": losses}, None
        if not isinstance(fact, Evaluated) or "validation_loss" not in fact.values:
            return memory, None
        if not memory.get("losses"):
            return memory, None
        validation, training = fact.values["validation_loss"], mean(memory["losses"])
        if validation <= memory.get("best", validation):
            best = {"best": validation, "best_step": fact.step, "best_training": training}
            return {**memory, **best, "num_above": 0}, CALM
        is_above = validation > (1 + LEAST_RISE) * memory["best"]
        is_learning = training < memory["best_training"]
        num_above = memory["num_above"] + 1 if is_above and is_learning else 0
        kept = {**memory, "num_above": num_above}
        if num_above < NUM_IN_A_ROW:
            return kept, None if num_above else CALM
        return kept, _finding(kept, validation, training, fact, plan)


def _finding(
    kept: Memory, validation: float, training: float, fact: Evaluated, plan: Plan
) -> Finding:
    epochs = max(plan.epochs.values(), default=0.0) * fact.step / plan.config.steps
    return Finding(
        message=(
            f"The validation loss rises, {validation:.3f} after {kept['best']:.3f} at step {kept['best_step']:,}, while the "
            f"training loss falls to {training:.3f}."
        ),
        cause=(
            f"The model learns its text by heart: it has read it {times(epochs)} times by now. What it still gains holds for "
            "that text alone."
        ),
        evidence={
            "validation_loss": digits(validation),
            "lowest_validation_loss": digits(kept["best"]),
            "lowest_at_step": kept["best_step"],
            "training_loss": digits(training),
            "training_loss_then": digits(kept["best_training"]),
            "epochs": digits(epochs),
        },
        remedy=RemedySpec(
            text="End where validation was lowest; more text or a smaller model helps further.",
            settings={"steps": kept["best_step"]},
        ),
    )
