"""Slow data: the model waits for its next batch.

Looks at: `data_s`, the time of a step until its batch was there, over the newest 20 steps.
Threshold: a tenth of the step's time. A batch is read from memory-mapped tokens and should take less than a hundredth.
Source: ours; one step in ten spent waiting is worth a look. The first five steps are left out, while caches are cold.
"""

from glassworks.lm.train.diagnostics._numbers import digits, pushed
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

WINDOW = 20
NUM_COLD = 5
MOST_SHARE = 0.1
PARTS = ("data_s", "forward_s", "backward_s", "optimizer_s")


class SlowData(Diagnostic):
    """Waiting for batches."""

    within = NUM_COLD + WINDOW
    source = "Ours: a tenth of the step, where less than a hundredth is usual."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        if not isinstance(fact, Step) or "data_s" not in fact.row:
            return memory, None
        if memory.get("num", 0) < NUM_COLD:
            return {**memory, "num": memory.get("num", 0) + 1}, None
        whole = sum(float(fact.row.get(part, 0.0)) for part in PARTS)
        data = pushed(memory.get("data", []), float(fact.row["data_s"]), WINDOW)
        steps = pushed(memory.get("steps", []), whole, WINDOW)
        kept = {"num": NUM_COLD, "data": data, "steps": steps}
        if len(data) < WINDOW:
            return kept, None
        share = sum(data) / max(sum(steps), 1e-9)
        if share <= MOST_SHARE:
            return kept, CALM
        return kept, _finding(share, sum(data), sum(steps), plan)


def _finding(share: float, data_s: float, steps_s: float, plan: Plan) -> Finding:
    return Finding(
        message=f"{share:.0%} of the time of a step goes into fetching its batch.",
        cause=(
            "The text is read more slowly than the model learns from it. A store on a network disk does that, or a model so small "
            "that any reading is long beside it, or windows that hold many short documents, whose borders are looked up."
        ),
        evidence={
            "data_s": digits(data_s),
            "steps_s": digits(steps_s),
            "share": digits(share),
            "steps_looked_at": WINDOW,
            "limit": MOST_SHARE,
        },
        remedy=_remedy(plan),
    )


def _remedy(plan: Plan) -> RemedySpec:
    if not plan.config.attention_across_documents:
        return RemedySpec(
            text="Let tokens look across borders, so that none is looked up; else put the store on a local disk.",
            settings={"attention_across_documents": True},
        )
    return RemedySpec(text="Put the store on a local disk (GLASSWORKS_STORE).", settings={})
