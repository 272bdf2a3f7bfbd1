"""Dead units: hidden units of a feed-forward part that never fire, so no gradient reaches them and they stay silent.

Looks at: `dead_share` of each layer, where the layers are measured.
Threshold: half of a layer's units, in two measurements in a row. Below a fifth is healthy; one measurement sees few tokens,
and a rare feature is no dead one.
Source: Lu et al. 2019, "Dying ReLU and Initialization".
"""

from glassworks.lm.train.diagnostics._numbers import digits
from glassworks.lm.train.diagnostics._rates import lower_rates
from glassworks.lm.train.diagnostics.base import (
    CALM,
    Diagnostic,
    Fact,
    Finding,
    Layers,
    Memory,
    Plan,
    Verdict,
)

MOST_DEAD = 0.5
NUM_IN_A_ROW = 2


class DeadUnits(Diagnostic):
    """Units that never fire."""

    within = NUM_IN_A_ROW
    unit = "measurements"
    source = "Lu et al. 2019, Dying ReLU and Initialization; half a layer, twice in a row, is ours, from healthy runs."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        if not isinstance(fact, Layers):
            return memory, None
        shares = [share for share in fact.values.get("dead_share", ()) if share is not None]
        if not shares:
            return memory, None
        worst = max(shares)
        if worst < MOST_DEAD:
            return {"in_a_row": 0}, CALM
        in_a_row = memory.get("in_a_row", 0) + 1
        if in_a_row < NUM_IN_A_ROW:
            return {"in_a_row": in_a_row}, None
        layer = fact.values["dead_share"].index(worst) + 1
        return {"in_a_row": in_a_row}, Finding(
            message=f"{worst:.0%} of the hidden units of layer {layer} never fire.",
            cause=(
                "Long steps pushed these units so far that no text makes them fire. Without firing they get no gradient, so "
                "they do not come back: the layer has become narrower than it was built."
            ),
            evidence={
                "layer": layer,
                "dead_share": digits(worst),
                "limit": MOST_DEAD,
                "learning_rate": plan.config.optimizer.learning_rate,
            },
            remedy=lower_rates(plan.config),
        )
