"""What earlier runs on this machine teach about the next one.

In: finished runs, read from their folders. Out: a `SpeedHistory`, one point a training: the share of the measured matrix rate
that its steps reached, how long it took to begin, what evaluation, samples and saving cost beside the steps, and what memory
it held beside its model.
"""

from itertools import pairwise
from statistics import median
from typing import Any

from glassworks.common.clock import seconds_between
from glassworks.common.errors import GlassworksError
from glassworks.engine.attempt import environment_of
from glassworks.specs.events import RunProgress
from glassworks.specs.machine import MachineSpec
from glassworks.specs.run import RunSpec, RunState
from glassworks.specs.speed import SpeedHistory, SpeedPoint
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

NUM_RUNS = 8
MIN_ROWS = 20
"""Shorter runs are mostly warm-up."""
TRAINING = "training"
"""The phase of a training's progress."""


def speed_history(store: Store, machine: MachineSpec) -> SpeedHistory:
    """The newest finished trainings here; runs that cannot be read are passed over."""
    here = environment_of(machine)
    points: list[SpeedPoint] = []
    for run in store.runs.all():
        try:
            point = _point(store, run, here)
        except GlassworksError:
            continue
        if point is not None:
            points.append(point)
        if len(points) == NUM_RUNS:
            break
    return SpeedHistory(points=tuple(points))


def measured_point(store: Store, run: RunFolder) -> SpeedPoint | None:
    """What a finished training teaches; None for any other run, and for one that is too short to tell."""
    spec = run.spec()
    if spec.kind != "stage" or spec.node is None or run.done() is None:
        return None
    rows = [row for row in run.metric_rows() if "utilization" in row]
    if len(rows) < MIN_ROWS:
        return None
    loop_s = _loop_s(rows)
    state = run.state()
    wall_s = state.spent_s
    start_s = _start_s(run)
    resources = spec.node.resources
    return SpeedPoint(
        where=f"{resources.get('device', 'cpu')}/{resources.get('dtype', 'fp32')}",
        utilization=median(row["utilization"] for row in rows),
        parameters=_parameters(store, run),
        start_s=start_s,
        other_share=max(0.0, wall_s - start_s - loop_s) / loop_s,
        loop_s=loop_s,
        beside_bytes=_beside_bytes(state),
    )


def _beside_bytes(state: RunState) -> int | None:
    promised, taken = state.prediction, state.measured
    if promised is None or taken is None or taken.memory_bytes is None:
        return None
    if promised.memory_bytes is None or promised.program_bytes is None:
        return None
    return max(0, taken.memory_bytes - (promised.memory_bytes - promised.program_bytes))


def _point(store: Store, run: RunFolder, here: dict[str, str]) -> SpeedPoint | None:
    return measured_point(store, run) if _is_training(run.spec(), here) else None


def _is_training(spec: RunSpec, here: dict[str, str]) -> bool:
    return spec.kind == "stage" and spec.environment == here


def _loop_s(rows: list[dict[str, Any]]) -> float:
    """Seconds of all steps, from the tokens of each and how fast they went."""
    seconds = sum(
        (row["tokens"] - before["tokens"]) / row["tokens_per_s"]
        for before, row in pairwise(rows)
        if row["tokens_per_s"]
    )
    return max(
        float(seconds) * len(rows) / (len(rows) - 1), 1e-6
    )  # the first row's tokens count too


def _start_s(run: RunFolder) -> float:
    """From the first attempt's start to the first sign of training."""
    started: str | None = None
    for event in run.events():
        if event.type == "attempt.started" and started is None:
            started = event.time
        elif isinstance(event, RunProgress) and event.phase == TRAINING and started is not None:
            return max(0.0, seconds_between(started, event.time))
    return 0.0


def _parameters(store: Store, run: RunFolder) -> int | None:
    done = run.done()
    for artifact in done.outputs.values() if done else ():
        if store.artifacts.has(artifact):
            number = store.artifacts.manifest(artifact).summary.get("parameters")
            if isinstance(number, int):
                return number
    return None
