"""Where the time of a step goes: its batch, the forward pass, the backward pass, the optimizer.

In: `mark(phase)` whenever a phase ends. Out: seconds of each phase. A GPU works behind the program's back, so there a mark is
an event in its own queue. Unusual: nothing waits for a mark. A GPU's optimizer is still at work when the step's row is
written, so there its time is that of the step before.
"""

from itertools import pairwise

import torch

from glassworks.common.clock import monotonic_s

PHASES = ("data_s", "forward_s", "backward_s", "optimizer_s")
"""The phases of a step in their order, named like their metrics. Marks of other names are passed over."""
Mark = float | torch.cuda.Event


class StepClock:
    """One for a trainer: `begin()`, a `mark(phase)` at the end of each phase, then `times()`; step after step."""

    def __init__(self, device: str) -> None:
        self._is_queued = device == "cuda"
        self._marks: list[tuple[str, Mark]] = []
        self._late: tuple[Mark, Mark] | None = None

    def begin(self) -> None:
        """A step begins now."""
        self._marks = []
        self.mark("")

    def mark(self, phase: str) -> None:
        """What was done since the last mark belongs to `phase`, which may come several times in a step."""
        now: Mark = monotonic_s()
        if self._is_queued:
            now = torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]
            now.record()
        self._marks.append((phase, now))

    def times(self) -> dict[str, float]:
        """Seconds of each phase, to the microsecond. The device must have passed all marks but the last."""
        found = dict.fromkeys(PHASES, 0.0)
        last = len(self._marks) - 1
        for number, ((_, begun), (phase, ended)) in enumerate(pairwise(self._marks), start=1):
            span: tuple[Mark, Mark] | None = (begun, ended)
            if self._is_queued and number == last:
                span, self._late = self._late, span
            if phase in found and span is not None:
                found[phase] += _seconds(*span)
        return {phase: round(seconds, 6) for phase, seconds in found.items()}


def _seconds(begun: Mark, ended: Mark) -> float:
    if isinstance(begun, float) and isinstance(ended, float):
        return ended - begun
    assert isinstance(begun, torch.cuda.Event) and isinstance(ended, torch.cuda.Event)
    return float(begun.elapsed_time(ended)) / 1000
