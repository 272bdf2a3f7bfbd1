"""Memory near the limit: one larger batch, or another program, and the run ends for want of memory.

Looks at: memory in use at each step beside what the device, or this process, may have.
Threshold: 92 %. The rest is needed: an evaluation, a save or a sample takes a few percent more than a step does.
Source: ours. On a GPU the allocator's reserve comes on top of what is in use.
"""

from glassworks.lm.train.diagnostics._numbers import digits
from glassworks.lm.train.diagnostics._pieces import more_pieces
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

MOST_SHARE = 0.92


class MemoryNearLimit(Diagnostic):
    """Nearly all memory is in use."""

    within = 1
    source = "Ours: 8 % are left for what an evaluation or a save takes beyond a step."

    @staticmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        if not isinstance(fact, Step) or plan.memory_limit_bytes is None:
            return memory, None
        used = fact.row.get("memory_bytes")
        if used is None:
            return memory, None
        share = used / plan.memory_limit_bytes
        if share <= MOST_SHARE:
            return memory, CALM
        return memory, Finding(
            message=f"{share:.0%} of the memory is in use, {used / 1e9:.2f} of {plan.memory_limit_bytes / 1e9:.2f} GB.",
            cause="Weights, the optimizer and what the backward pass keeps of a batch nearly fill what there is.",
            evidence={
                "memory_bytes": int(used),
                "limit_bytes": plan.memory_limit_bytes,
                "share": digits(share),
                "batch_size": plan.config.batch_size,
                "accumulation": plan.config.accumulation,
            },
            remedy=more_pieces(plan.config),
        )
