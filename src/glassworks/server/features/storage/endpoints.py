"""`/api/storage`: what lies where, and cleaning up."""

from fastapi import APIRouter

from glassworks.server.features.storage import service
from glassworks.server.features.storage.schemas import CleanReport, IndexView, StorageView
from glassworks.server.http.context import ContextDep

router = APIRouter(prefix="/storage")


@router.get("", summary="Show what is stored")
def get_storage(context: ContextDep) -> StorageView:
    """Where home and store lie, how much they hold, and how much of it nothing uses."""
    return service.view(context.workshop)


@router.post("/clean", summary="Remove what nothing uses")
def clean_storage(context: ContextDep) -> CleanReport:
    """Remove artifacts that no run and no item points to, older than a day; refused while something runs."""
    return service.clean(context.workshop)


@router.post("/reindex", summary="Rebuild the index")
def rebuild_index(context: ContextDep) -> IndexView:
    """Runs, items and projects from the folders alone, as `glassworks reindex` does it."""
    return service.rebuild_index(context)
