"""What the calls about datasets do: item files, run folders and artifacts tell, the helper reads texts."""

from typing import Any

from glassworks.engine.datasets import (
    KIND,
    dataset_detail,
    dataset_names,
    dataset_row,
    find_dataset,
)
from glassworks.engine.lineage import read_lineage
from glassworks.server.features.datasets.schemas import (
    DatasetDetail,
    DatasetPage,
    DatasetView,
    DocumentsView,
)
from glassworks.server.http.context import Context
from glassworks.server.http.paging import decode_cursor, encode_cursor


def page(context: Context, project: str, limit: int, after: str | None) -> DatasetPage:
    """From the items' files, which are right at once; the index is a moment behind a run that has just ended."""
    store = context.workshop.store
    names = dataset_names(store, project)
    place = str(decode_cursor(after, 1)[0]) if after else ""
    behind = [name for name in names if name > place]
    shown = behind[:limit]
    lineage = read_lineage(store)
    found = [dataset_row(store, lineage, store.items.get(KIND, name, project)) for name in shown]
    return DatasetPage(
        items=tuple(DatasetView.model_validate(one) for one in found),
        next=encode_cursor(shown[-1]) if len(behind) > limit else None,
        total=len(names),
    )


def detail(context: Context, ref: str, project: str) -> DatasetDetail:
    """Raises NotFound, Conflict, InvalidSpec."""
    store = context.workshop.store
    found = dataset_detail(store, find_dataset(store, ref, project), project)
    return DatasetDetail.model_validate(found)


def documents(context: Context, ref: str, project: str, asked: dict[str, Any]) -> DocumentsView:
    """Raises NotFound, BadData, and what the helper raises."""
    store = context.workshop.store
    artifact = find_dataset(store, ref, project).artifact
    asked = {"folder": str(store.artifacts.path(artifact)), **asked}
    found = context.workshop.tools.call("read_documents", asked)
    return DocumentsView.model_validate({"artifact": artifact, **found})
