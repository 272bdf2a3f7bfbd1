"""Cleaning the store: what nothing points to, and what dead writers left behind.

Kept: everything that a run made, used or saved, everything an item points to, and everything younger than a day.
"""

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from glassworks.storage import states
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

SPARED_S = 24 * 3600.0


@dataclass(frozen=True)
class GcReport:
    """What was (or, in a dry run, would be) removed."""

    artifacts: tuple[str, ...]
    leftovers: int
    freed_bytes: int
    kept: int


def collect_garbage(store: Store, is_dry_run: bool = False, spared_s: float = SPARED_S) -> GcReport:
    """Remove unused artifacts and leftovers older than `spared_s` seconds.

    Raises Conflict while something runs (a dry run only while the store is being cleaned up), BadData when a run or item
    cannot be read: what it uses is then not known.
    """
    with store.in_use() if is_dry_run else store.alone():
        used = used_artifacts(store)
        before = time.time() - spared_s
        unused = [
            a
            for a in store.artifacts.ids()
            if a not in used and _is_older(store.artifacts.folder(a), before)
        ]
        leftovers = [
            path
            for path in (*store.artifacts.leftovers(), *store.runs.leftovers())
            if _is_older(path, before)
        ]
        freed = sum(_size(store.artifacts.folder(artifact)) for artifact in unused)
        freed += sum(_size(path) for path in leftovers)
        if not is_dry_run:
            for artifact in unused:
                store.artifacts.delete(artifact)
            for path in leftovers:
                shutil.rmtree(path, ignore_errors=True)
        kept = sum(1 for _ in store.artifacts.ids())
    return GcReport(tuple(unused), len(leftovers), freed, kept)


def used_artifacts(store: Store) -> set[str]:
    """Ids of all artifacts that a run or an item points to."""
    used = {version.artifact for item in store.items.all() for version in item.versions}
    for run in store.runs.all_folders():
        spec = run.spec()
        used |= set(spec.inputs.values())
        for node in spec.plan.nodes if spec.plan else ():
            used |= {source.artifact for source in node.inputs.values() if source.artifact}
        done = run.done()
        used |= set(done.outputs.values()) if done else set()
        used |= {checkpoint.artifact for checkpoint in run.state().checkpoints}
        used |= set(_artifacts_of_states(run))
    return used


def _artifacts_of_states(run: RunFolder) -> Iterator[str]:
    """Checkpoints that a resume would name again, also when the worker died before it could name them once."""
    own = (a.state_dir / f"step-{n}" for a in run.attempts() for n in states.steps(a.state_dir))
    for folder in (*own, *run.held_dir.glob("r*")):
        with contextlib.suppress(ValueError, OSError):
            yield from filter(None, [states.read_state_manifest(folder).artifact])


def _is_older(path: Path, before: float) -> bool:
    return path.stat().st_mtime < before


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
