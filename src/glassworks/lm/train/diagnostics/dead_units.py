"""Dead units: hidden units of a feed-forward part that never fire, so no gradient reaches them and they stay silent.

Looks at: `dead_share` of each layer, where the layers are measured.
Threshold: half of a layer's units, in two measurements in a row. Below a fifth is healthy; one measurement sees few tokens,
and a rare feature is no dead one.
Source: Lu et al. 2019, "Dying ReLU and Initialization".
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

MOST_DEAD = 0.5


class DeadUnits(Diagnostic):
    """Units that never fire."""

    within = NUM_IN_A_ROW
    unit = "measurements"
    source = "Lu et al. 2019, Dying ReLU and Initialization; half a layer, twice in a row, is ours, from healthy runs."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        speak = partial(_finding, plan)
        return watch_worst(memory, fact, "dead_share", max, lambda value: value >= MOST_DEAD, speak)


def _finding(plan: Plan, layer: int, value: float) -> Finding:
    return Finding(
        message=f"{value:.0%} of the hidden units of layer {layer} never fire.",
        cause=(
            "Long steps pushed these units so far that no text makes them fire. Without firing they get no gradient, so "
            "they do not come back: the layer has become narrower than it was built."
        ),
        evidence={
            "layer": layer,
            "dead_share": digits(value),
            "limit": MOST_DEAD,
            "learning_rate": plan.config.optimizer.learning_rate,
        },
        remedy=lower_rates(plan.config),
    )
