"""What earlier runs on this machine teach about the next one.

In: finished runs, read from their folders. Out: the share of the measured matrix rate that training reached here, and by
how much a prediction from the other runs would have missed each of them. Without such runs nothing is known, and so it
is said.
"""

from dataclasses import dataclass
from statistics import median

from glassworks.common.errors import GlassworksError
from glassworks.engine.attempt import environment_of
from glassworks.specs.machine import MachineSpec
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

NUM_RUNS = 8
MIN_ROWS = 20
"""Shorter runs are mostly warm-up."""


@dataclass(frozen=True)
class SpeedHistory:
    """Utilizations of finished trainings on this class of machine, newest first."""

    utilizations: tuple[float, ...]

    @property
    def expected(self) -> float | None:
        """The utilization to reckon with; None without history."""
        return median(self.utilizations) if self.utilizations else None

    @property
    def error(self) -> float | None:
        """Greatest miss, as a share, had each run's time been predicted from the others; None below two runs."""
        if len(self.utilizations) < 2:
            return None
        misses = []
        for number, reached in enumerate(self.utilizations):
            others = (*self.utilizations[:number], *self.utilizations[number + 1 :])
            misses.append(abs(reached / median(others) - 1))  # time goes as 1 / utilization
        return max(misses)


def speed_history(store: Store, machine: MachineSpec) -> SpeedHistory:
    """The newest finished trainings here; runs that cannot be read are passed over."""
    here = environment_of(machine)
    reached: list[float] = []
    for run in store.runs.all():
        try:
            utilization = _utilization(run, here)
        except GlassworksError:
            continue
        if utilization is not None:
            reached.append(utilization)
        if len(reached) == NUM_RUNS:
            break
    return SpeedHistory(tuple(reached))


def _utilization(run: RunFolder, here: dict[str, str]) -> float | None:
    """The median over a finished training's steps; None for any other run."""
    spec = run.spec()
    if spec.kind != "stage" or spec.environment != here or run.done() is None:
        return None
    values = [row["utilization"] for row in run.metric_rows() if "utilization" in row]
    return median(values) if len(values) >= MIN_ROWS else None
