"""Prove it resumes: kill the worker on purpose, and hold what it did before against what its resume did.

In: a flow run that is being driven. Out: `kill_after_a_save` ends the worker with SIGKILL a few steps after a saved state;
`read_proofs` finds, for each attempt that went on from a state, the steps that two attempts both did. Nothing is stored
for it: the rows that a resume voids are still in the folder of the attempt that was killed.
"""

import itertools
import os
import signal
import time
from collections.abc import Iterable
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
        if flow.ledger_state().status not in ("queued", "running"):
            return False
        time.sleep(POLL_S)
    return False


def read_proofs(run: RunFolder) -> list[ProofView]:
    """One for each resume of a stage run whose steps were done before; oldest first."""
    proofs = []
    for before, after in itertools.pairwise(run.ledger_state().attempts):
        old = _lost(run.attempt(before.number), after.from_step)
        new = _done_again(run.attempt(after.number), max(old, default=0))
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


def _lost(attempt: AttemptFolder, from_step: int) -> dict[int, float]:
    """Losses by step beyond the one that the next attempt starts from; no more of the file is read."""
    rows = attempt.metrics.newest_first()
    return _losses(itertools.takewhile(lambda row: row["step"] > from_step, rows))


def _done_again(attempt: AttemptFolder, last_step: int) -> dict[int, float]:
    """Losses by step up to `last_step`; no more of the file is read."""
    rows = (row for _, row in attempt.metrics.numbered())
    return _losses(itertools.takewhile(lambda row: row["step"] <= last_step, rows))


def _losses(rows: Iterable[dict[str, Any]]) -> dict[int, float]:
    return {int(row["step"]): float(row["loss"]) for row in rows if "loss" in row}


def _training_attempt(store: Store, flow: RunFolder) -> AttemptFolder | None:
    """The current attempt of the stage run that runs now, if it has step rows."""
    for decision in reversed(flow.ledger_state().nodes.values()):
        run = store.runs.get(decision.run)
        attempts = run.ledger_state().attempts
        if attempts and attempts[-1].outcome is None:
            attempt = run.attempt(attempts[-1].number)
            return attempt if attempt.metrics.path.exists() else None
    return None


def _is_far_enough(attempt: AttemptFolder) -> bool:
    saved, newest = steps(attempt.state_dir), next(attempt.metrics.newest_first(), None)
    if not saved or newest is None:
        return False
    every = saved[-1] - saved[-2] if len(saved) > 1 else saved[-1]
    beyond = int(newest["step"]) - saved[-1]
    return beyond >= min(STEPS_BEYOND, max(1, every // 2))


def _kill(attempt: AttemptFolder) -> bool:
    try:
        heartbeat = HeartbeatSpec.model_validate(read_json(attempt.path / "heartbeat.json"))
        os.kill(heartbeat.pid, signal.SIGKILL)
    except (OSError, ValueError):
        return False
    return True
