"""Counting what lies in the store. Checkpoints and states are hard links of one file, which is counted once."""

from dataclasses import asdict
from pathlib import Path

from glassworks.common.errors import BadData, Conflict
from glassworks.engine.gc import collect_garbage
from glassworks.engine.workshop import Workshop
from glassworks.server.features.storage.schemas import (
    Amount,
    CleanReport,
    IndexView,
    StorageView,
)
from glassworks.server.http.context import Context
from glassworks.server.jobs.index import reindex


def view(workshop: Workshop) -> StorageView:
    store = workshop.store
    seen: set[tuple[int, int]] = set()
    artifacts = list(store.artifacts.ids())
    artifact_bytes = sum(_size(store.artifacts.folder(artifact), seen) for artifact in artifacts)
    runs = store.runs.all_folders()
    run_bytes = sum(_size(run.path, seen) for run in runs)
    return StorageView(
        store_path=str(store.root),
        home_path=str(workshop.settings.home),
        artifacts=Amount(count=len(artifacts), bytes=artifact_bytes),
        runs=Amount(count=len(runs), bytes=run_bytes),
        reclaimable=_reclaimable(workshop),
    )


def clean(workshop: Workshop) -> CleanReport:
    """Remove what nothing uses. Raises Conflict while something runs."""
    report = collect_garbage(workshop.store)
    return CleanReport(
        removed=len(report.artifacts) + report.leftovers, freed_bytes=report.freed_bytes
    )


def rebuild_index(context: Context) -> IndexView:
    """From the folders alone; what changes meanwhile is written again by the hub."""
    counts = reindex(context.database, context.workshop.store)
    for run in context.workshop.store.runs.all_folders():
        context.hub.touch(run.id)
    return IndexView.model_validate(asdict(counts))


def _reclaimable(workshop: Workshop) -> Amount | None:
    try:
        report = collect_garbage(workshop.store, is_dry_run=True)
    except (
        Conflict,
        BadData,
        OSError,
    ):  # something vanished or cannot be read while it was counted
        return None
    return Amount(count=len(report.artifacts) + report.leftovers, bytes=report.freed_bytes)


def _size(folder: Path, seen: set[tuple[int, int]]) -> int:
    """Bytes below `folder` that no earlier call has counted; files may vanish meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue
        place = (status.st_dev, status.st_ino)
        if path.is_file() and place not in seen:
            seen.add(place)
            total += status.st_size
    return total
