"""What a training came to in the end, in the figures in which it was predicted.

In: a stage run that is just done. Out: an event of its ledger, `run.measured`; promised against taken stand side by side for good.
"""

from collections.abc import Iterator
from pathlib import Path

from glassworks.specs.events import RunMeasured
from glassworks.specs.run import RunState
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

NUM_AT_THE_END = 50
"""Where nothing is held out, the last steps' mean loss stands for the end."""


def measured(store: Store, run: RunFolder) -> tuple[RunMeasured, ...]:
    """One event; none for a run of which nothing was predicted."""
    state = run.state()
    rows = run.metric_rows() if state.prediction is not None and state.measured is None else []
    if not rows:
        return ()
    memory = [int(row["memory_bytes"]) for row in rows if "memory_bytes" in row]
    found = RunMeasured(
        time_s=round(state.spent_s, 3),
        memory_bytes=max(memory) if memory else None,
        disk_bytes=_disk_bytes(store, run, state),
        first_loss=rows[0]["loss"] if int(rows[0]["step"]) == 1 else None,
        final_loss=_final_loss(state, rows),
    )
    return (found,)


def _final_loss(state: RunState, rows: list[dict[str, float]]) -> float:
    values = [evaluation.values for evaluation in state.evaluations]
    held_out = [found["validation_loss"] for found in values if "validation_loss" in found]
    if held_out:
        return held_out[-1]
    last = rows[-NUM_AT_THE_END:]
    return sum(row["loss"] for row in last) / len(last)


def _disk_bytes(store: Store, run: RunFolder, state: RunState) -> int:
    """Checkpoints and kept states; what is linked twice counts once."""
    sizes = {}
    for file in _files(store, run, state):
        about = file.stat()
        sizes[about.st_dev, about.st_ino] = about.st_size
    return sum(sizes.values())


def _files(store: Store, run: RunFolder, state: RunState) -> Iterator[Path]:
    folders = [attempt.state_dir for attempt in run.attempts()]
    folders += [store.artifacts.folder(checkpoint.artifact) for checkpoint in state.checkpoints]
    for folder in folders:
        yield from (file for file in folder.rglob("*") if file.is_file())
