"""Removing the checkpoints that a run's keep-policy no longer keeps.

In: the run's folder, the policy, the store. Out: `checkpoint.dropped` in the log, then the artifact's folder is gone. In this
order, so that a kill in between leaves a checkpoint that no one names (`gc` takes it), never a name without a checkpoint.

Unusual: an artifact is its content, so another run, an item or a state may mean the very same folder. Whoever mentions its
id anywhere in the store keeps it. A reader that has its files open reads on; the system removes them when it is done.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from glassworks.specs.events import CheckpointDropped, CheckpointSaved
from glassworks.specs.keeping import KeepCheckpoints
from glassworks.specs.run import RunState
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

LOSS = "validation_loss"


def drop_checkpoints(
    store: Store,
    run: RunFolder,
    attempt: int,
    policy: KeepCheckpoints,
    num_states: int,
    tell: Callable[[CheckpointDropped], None],
) -> None:
    """Drop what `policy` does not keep. `tell` stores the event durably; it is called before anything is removed.

    Does nothing for an `attempt` that is no longer the run's current one.
    """
    if policy.is_all:
        return
    state = run.state()
    if not state.attempts or state.attempts[-1].number != attempt:
        return  # thawed after another took over: it must not clear up behind that one's back
    for saved in _to_drop(state, policy, num_states):
        if _is_in(store.items.root.rglob("*.json"), saved.artifact):
            continue  # whoever gave it a name keeps it, and the run goes on telling of it
        tell(CheckpointDropped(step=saved.step, artifact=saved.artifact))
        if not is_mentioned(store, saved.artifact, run):
            store.artifacts.delete(saved.artifact)


def _to_drop(state: RunState, policy: KeepCheckpoints, num_states: int) -> list[CheckpointSaved]:
    losses = {e.step: e.values[LOSS] for e in state.evaluations if LOSS in e.values}
    kept = policy.kept([saved.step for saved in state.checkpoints], losses, num_states)
    return [saved for saved in state.checkpoints if saved.step not in kept]


def is_mentioned(store: Store, artifact: str, run: RunFolder) -> bool:
    """Whether an item, another run, or a state or an order of `run` itself names the artifact."""
    return _is_in(_papers(store, run), artifact)


def _is_in(papers: Iterator[Path], artifact: str) -> bool:
    name = artifact.encode()
    return any(name in path.read_bytes() for path in papers if path.is_file())


def _papers(store: Store, run: RunFolder) -> Iterator[Path]:
    yield from store.items.root.rglob("*.json")
    yield run.spec_file
    yield from run.path.glob("attempts/*/state/step-*/manifest.json")
    for other in store.runs.all_folders():
        if other.id == run.id:
            continue
        yield from (other.spec_file, other.done_file, other.ledger.path)
        yield from other.path.glob("attempts/*/events.jsonl")
        yield from other.path.glob("attempts/*/state/step-*/manifest.json")
        yield from other.held_dir.glob("r*/manifest.json")
