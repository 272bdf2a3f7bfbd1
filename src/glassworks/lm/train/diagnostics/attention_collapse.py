"""Attention collapse: every head of a layer stares at one position, so nothing is mixed and little gradient comes back.

Looks at: `attention_entropy` of each layer, where the layers are measured: 1 is an even look, 0 a stare.
Threshold: below 0.05 in two measurements in a row. A single head that looks at one place is common and useful; a whole layer
is not.
Source: Zhai et al. 2023, "Stabilizing Transformer Training by Preventing Attention Entropy Collapse".
"""

from functools import partial

from glassworks.lm.train.diagnostics._layers import NUM_IN_A_ROW, watch_worst
from glassworks.lm.train.diagnostics._numbers import digits
from glassworks.lm.train.diagnostics._rates import lower_rates
from glassworks.lm.train.diagnostics.base import (
    Diagnostic,
    Fact,
    Finding,
    Memory,
    Plan,
    Verdict,
)

LEAST_ENTROPY = 0.05


class AttentionCollapse(Diagnostic):
    """Heads that see one position only."""

    within = NUM_IN_A_ROW
    unit = "measurements"
    source = "Zhai et al. 2023, Preventing Attention Entropy Collapse; 0.05 of the largest entropy is ours, from healthy runs."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        speak = partial(_finding, plan)
        return watch_worst(
            memory, fact, "attention_entropy", min, lambda value: value < LEAST_ENTROPY, speak
        )


def _finding(plan: Plan, layer: int, value: float) -> Finding:
    return Finding(
        message=f"Layer {layer} no longer looks around: nearly all its attention goes to one position.",
        cause=(
            "The products of queries and keys have grown so large that the softmax gives everything to one of them. Long "
            "steps do that, above all where queries and keys are not normalized."
        ),
        evidence={
            "layer": layer,
            "attention_entropy": digits(value),
            "limit": LEAST_ENTROPY,
            "learning_rate": plan.config.optimizer.learning_rate,
        },
        remedy=lower_rates(plan.config),
    )
