"""What the calls about datasets do: item files, run folders and artifacts tell, a helper of its own reads texts."""

import threading
from collections.abc import Generator
from typing import Any

from glassworks.common.errors import InvalidSpec
from glassworks.common.ids import is_name
from glassworks.engine.dataset_file import FileFormat, stream_dataset
from glassworks.engine.dataset_search import read_statistics, search_dataset
from glassworks.engine.dataset_tasks import compare_datasets, describe_recipe
from glassworks.engine.datasets import (
    KIND,
    dataset_detail,
    dataset_names,
    dataset_row,
    find_dataset,
)
from glassworks.engine.deleting import delete_dataset
from glassworks.engine.lineage import read_lineage
from glassworks.engine.tools_client import ToolsClient
from glassworks.server.features.datasets.schemas import (
    DatasetDeleted,
    DatasetDetail,
    DatasetPage,
    DatasetView,
    DescribeAsk,
    DescribeOrdered,
    DifferenceView,
    DocumentsView,
    InspectAsk,
    InspectView,
    MatchPage,
    MatchView,
    StatisticsView,
)
from glassworks.server.http.context import Context
from glassworks.server.http.paging import decode_cursor, encode_cursor
from glassworks.server.http.staging import staged_upload
from glassworks.server.jobs.index import index_items

INSPECT_LIMIT_S = 600.0
_OPENING = threading.Lock()


class DataReader(ToolsClient):
    """A helper that only reads texts: looking into large files keeps nobody waiting who plans a run or cuts a text into tokens."""


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
    found = _reader(context).call("read_documents", asked)
    return DocumentsView.model_validate({"artifact": artifact, **found})


def statistics(context: Context, ref: str, project: str) -> StatisticsView:
    """Raises NotFound (`not-described`), BadData."""
    store = context.workshop.store
    found = read_statistics(store, find_dataset(store, ref, project))
    return StatisticsView.model_validate(found.model_dump())


def search(
    context: Context, ref: str, project: str, query: str, limit: int, after: str | None
) -> MatchPage:
    """Raises NotFound (`not-described`), InvalidSpec (a cursor of another dataset), BadData."""
    found = find_dataset(context.workshop.store, ref, project)
    artifact, offset = decode_cursor(after, 2) if after else (found.artifact, 0)
    if artifact != found.artifact or not isinstance(offset, int) or offset < 0:
        raise InvalidSpec(
            "bad-page-cursor",
            f"`after` is no cursor of a search in {found.label}.",
            "The dataset has a new version; search it from the beginning.",
            "after",
        )
    page = search_dataset(context.workshop.store, _reader(context), found, query, limit, offset)
    behind = offset + len(page["matches"])
    return MatchPage(
        artifact=found.artifact,
        num_documents=page["num_documents"],
        items=tuple(MatchView.model_validate(match) for match in page["matches"]),
        next=encode_cursor(artifact, behind) if behind < page["total"] else None,
        total=page["total"],
    )


def difference(
    context: Context, ref: str, to: str, project: str, num_examples: int
) -> DifferenceView:
    """Raises NotFound, Conflict, InvalidSpec, BadData."""
    store = context.workshop.store
    sides = find_dataset(store, ref, project), find_dataset(store, to, project)
    return DifferenceView.model_validate(compare_datasets(store, *sides, num_examples))


def file(
    context: Context, ref: str, project: str, format_: FileFormat
) -> tuple[str, Generator[bytes, None, None]]:
    """A name for the file, and its bytes. Raises NotFound, BadData, Unavailable, before the first byte."""
    store = context.workshop.store
    found = find_dataset(store, ref, project)
    folder = store.artifacts.path(found.artifact)
    words = found.label.rpartition("/")[2].replace("@", "-")
    name = words if is_name(words) else found.artifact[:12]
    return f"{name}.{format_}", stream_dataset(folder, format_)


def delete(context: Context, ref: str, project: str) -> DatasetDeleted:
    """Raises NotFound, InvalidSpec, Conflict (`in-use`)."""
    store = context.workshop.store
    gone = delete_dataset(store, ref, project)
    with context.database.transaction() as session:
        index_items(session, store)
    return DatasetDeleted.model_validate(gone)


def describe(context: Context, ref: str, ask: DescribeAsk) -> DescribeOrdered:
    """Raises NotFound, Conflict, InvalidSpec."""
    store = context.workshop.store
    found = find_dataset(store, ref, ask.project)
    recipe = describe_recipe(store, found, ask.tokenizer, ask.project)
    run, is_resumed = context.jobs.create(recipe, None, ask.project)
    return DescribeOrdered(run=run.id, is_resumed=is_resumed)


def inspect(context: Context, ask: InspectAsk) -> InspectView:
    """Raises NotFound, Forbidden, BadData, InvalidSpec."""
    if (ask.upload is None) == (ask.path is None):
        raise InvalidSpec(
            "no-source",
            "Say what to look into: an upload or a path, not both.",
            "`POST /api/uploads` takes a file, `POST /api/upload-folders` many.",
            "upload",
        )
    path = staged_upload(context, ask.upload, may_be_open_folder=True) if ask.upload else ask.path
    asked = {"path": path, "settings": ask.settings, "offset": ask.offset, "limit": ask.limit}
    found = _reader(context).call("inspect_source", asked, INSPECT_LIMIT_S)
    return InspectView.model_validate(found)


def _reader(context: Context) -> ToolsClient:
    """The server's helper for texts; it starts when it is first asked."""
    with _OPENING:
        return context.kept(DataReader) or context.keep(DataReader, DataReader())
