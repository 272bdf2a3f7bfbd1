"""Prove it resumes: kill the worker on purpose, and hold what it did before against what its resume did.

In: a flow run that is being driven. Out: `kill_after_a_save` ends the worker with SIGKILL a few steps after a saved state;
`read_proofs` finds, for each attempt that went on from a state, the steps that two attempts both did. Nothing is stored
for it: the rows that a resume voids are still in the folder of the attempt that was killed.
"""

import itertools
import os
import signal
import time
from typing import Any

from pydantic import ConfigDict

from glassworks.engine.attempt import Stopper
from glassworks.specs.base import Spec
from glassworks.specs.order import HeartbeatSpec
from glassworks.storage.atomic import read_json
from glassworks.storage.runs import AttemptFolder, RunFolder
from glassworks.storage.states import steps
from glassworks.storage.store import Store

POLL_S = 0.05
STEPS_BEYOND = 10
"""So many steps after a saved state are lost, done again and compared (fewer where saves lie closer)."""


EXAMPLE: dict[str, Any] = {
    "killed": 1,
    "resumed": 2,
    "from_step": 200,
    "last_step": 210,
    "is_bit_exact": True,
    "num_compared": 1,
    "largest_difference": 0.0,
    "pairs": [[201, 4.1203, 4.1203]],
}


class ProofView(Spec):
    """Two attempts that did the same steps. `pairs`: (step, loss before, loss after); losses in nats per token."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    killed: int
    resumed: int
    from_step: int
    last_step: int
    is_bit_exact: bool
    caveats: tuple[str, ...] = ()
    num_compared: int
    largest_difference: float | None
    pairs: tuple[tuple[int, float, float], ...]


def kill_after_a_save(store: Store, flow: RunFolder, stopper: Stopper) -> bool:
    """Wait for a saved state and some steps beyond it, then kill the worker. False when the run ended before that."""
    while stopper.how is None and not stopper.is_left:
        attempt = _training_attempt(store, flow)
        if attempt is not None and _is_far_enough(attempt):
            return _kill(attempt)
        if flow.state().status not in ("queued", "running"):
            return False
        time.sleep(POLL_S)
    return False


def read_proofs(run: RunFolder) -> list[ProofView]:
    """One for each resume of a stage run whose steps were done before; oldest first."""
    proofs = []
    attempts = run.state().attempts
    for before, after in itertools.pairwise(attempts):
        old = _losses(run.attempt(before.number), after.from_step)
        new = _losses(run.attempt(after.number), after.from_step)
        both = sorted(old.keys() & new.keys())
        if both:
            pairs = tuple((step, old[step], new[step]) for step in both)
            proofs.append(
                ProofView(
                    killed=before.number,
                    resumed=after.number,
                    from_step=after.from_step,
                    last_step=max(old),
                    is_bit_exact=after.is_bit_exact,
                    caveats=after.caveats,
                    num_compared=len(both),
                    largest_difference=max(abs(a - b) for _, a, b in pairs),
                    pairs=pairs,
                )
            )
    return proofs


def _losses(attempt: AttemptFolder, from_step: int) -> dict[int, float]:
    rows = attempt.metrics.read()
    return {int(r["step"]): float(r["loss"]) for r in rows if r["step"] > from_step and "loss" in r}


def _training_attempt(store: Store, flow: RunFolder) -> AttemptFolder | None:
    """The current attempt of the stage run that runs now, if it has step rows."""
    for decision in reversed(flow.state().nodes.values()):
        run = store.runs.get(decision.run)
        attempts = run.state().attempts
        if attempts and attempts[-1].outcome is None:
            attempt = run.attempt(attempts[-1].number)
            return attempt if attempt.metrics.path.exists() else None
    return None


def _is_far_enough(attempt: AttemptFolder) -> bool:
    saved, rows = steps(attempt.state_dir), attempt.metrics.read()
    if not saved or not rows:
        return False
    every = saved[-1] - saved[-2] if len(saved) > 1 else saved[-1]
    beyond = int(rows[-1]["step"]) - saved[-1]
    return beyond >= min(STEPS_BEYOND, max(1, every // 2))


def _kill(attempt: AttemptFolder) -> bool:
    try:
        heartbeat = HeartbeatSpec.model_validate(read_json(attempt.path / "heartbeat.json"))
        os.kill(heartbeat.pid, signal.SIGKILL)
    except (OSError, ValueError):
        return False
    return True
