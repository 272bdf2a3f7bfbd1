"""Slow data: the model waits for its next batch.

Looks at: `data_s`, the time of a step until its batch was there, over the newest 20 steps.
Threshold: a fifth of the step's time. A batch is read from memory-mapped tokens and should take less than a hundredth; the
tiniest models, whose steps take milliseconds, have up to a tenth. The first five steps are left out, while caches are cold.
Source: ours; one step in five spent waiting is worth a look.
"""

from glassworks.lm.train.diagnostics._numbers import digits, pushed, times
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
MOST_SHARE = 0.2
PARTS = ("data_s", "forward_s", "backward_s", "optimizer_s")


class SlowData(Diagnostic):
    """Waiting for batches."""

    within = NUM_COLD + WINDOW
    source = "Ours: a fifth of the step, where less than a hundredth is usual."

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
    per_step = _epochs_per_step(plan)
    cause = (
        "The text is read more slowly than the model learns from it. A store on a network disk does that, or windows that hold "
        "many short documents, whose borders are looked up."
    )
    if per_step > 1:
        cause = (
            f"The text is shorter than a batch: every batch is put together from {times(per_step)} readings of it, each in an order "
            "of its own."
        )
    return Finding(
        message=f"{share:.0%} of the time of a step goes into fetching its batch.",
        cause=cause,
        evidence={
            "data_s": digits(data_s),
            "steps_s": digits(steps_s),
            "share": digits(share),
            "steps_looked_at": WINDOW,
            "limit": MOST_SHARE,
            "epochs_per_step": digits(per_step),
        },
        remedy=_remedy(per_step, plan),
    )


def _epochs_per_step(plan: Plan) -> float:
    return max(plan.epochs.values(), default=0.0) / plan.config.steps


def _remedy(per_step: float, plan: Plan) -> RemedySpec:
    config = plan.config
    if per_step > 1:
        pieces = config.accumulation
        size = max(1, int(config.batch_size / per_step) // pieces) * pieces
        return RemedySpec(
            text="Take a batch that reads the text once, and bring more text.",
            settings={"batch_size": size},
        )
    if not config.attention_across_documents:
        return RemedySpec(
            text="Let tokens look across borders, so that none is looked up; else put the store on a local disk.",
            settings={"attention_across_documents": True},
        )
    return RemedySpec(text="Put the store on a local disk (GLASSWORKS_STORE).", settings={})
