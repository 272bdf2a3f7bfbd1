"""`/api/datasets`: datasets by name, version, run or id; what is in them, where they come from, who uses them."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.dataset_file import MEDIA_TYPES, FileFormat
from glassworks.server.features.datasets import service
from glassworks.server.features.datasets.schemas import (
    DatasetDeleted,
    DatasetDetail,
    DatasetPage,
    DescribeAsk,
    DescribeOrdered,
    DifferenceView,
    DocumentsView,
    InspectAsk,
    InspectView,
    MatchPage,
    StatisticsView,
)
from glassworks.server.http.context import ContextDep, ProjectQuery
from glassworks.server.http.once import KeyHeader, once
from glassworks.server.http.paging import AfterQuery, LimitQuery

router = APIRouter(prefix="/datasets")
RefPath = Annotated[
    str, Path(description="Name, name@2, a run that made one, or an id.", examples=["plays"])
]
OffsetQuery = Annotated[int, Query(ge=0, description="How many to pass over.", examples=[0])]
DocumentsQuery = Annotated[int, Query(ge=1, le=200, description="How many.", examples=[20])]
OrdinalsQuery = Annotated[
    list[int] | None,
    Query(max_length=200, description="These places instead, counted from 0.", examples=[[0, 7]]),
]
StartQuery = Annotated[
    int, Query(ge=0, description="First character of each text that is sent.", examples=[0])
]
CharactersQuery = Annotated[
    int, Query(ge=1, le=1_000_000, description="Most characters of a text.", examples=[4000])
]
WordsQuery = Annotated[
    str,
    Query(
        alias="q",
        max_length=200,
        description='Words that a document has to hold, all of them; "in quotes" they follow each other, `king*` is a beginning.',
        examples=["solid flesh"],
    ),
]
ToQuery = Annotated[str, Query(description="The other dataset.", examples=["plays@2"])]
ExamplesQuery = Annotated[
    int, Query(ge=0, le=50, description="Examples of each kind.", examples=[5])
]
FormatQuery = Annotated[FileFormat, Query(description="What kind of file.", examples=["jsonl"])]
FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.partition(";")[0]: {} for kind in MEDIA_TYPES.values()}}
}


@router.get("", summary="List datasets")
def list_datasets(
    context: ContextDep,
    project: ProjectQuery = DEFAULT_PROJECT,
    limit: LimitQuery = 50,
    after: AfterQuery = None,
) -> DatasetPage:
    """The datasets of a project that have a name, at their latest version."""
    return service.page(context, project, limit, after)


@router.get("/{ref}", summary="Look at a dataset")
def get_dataset(
    ref: RefPath, context: ContextDep, project: ProjectQuery = DEFAULT_PROJECT
) -> DatasetDetail:
    """Versions, the way back to the import, what cleaning did, parts, and who uses it."""
    return service.detail(context, ref, project)


@router.get("/{ref}/documents", summary="Read documents")
def read_documents(
    ref: RefPath,
    context: ContextDep,
    project: ProjectQuery = DEFAULT_PROJECT,
    offset: OffsetQuery = 0,
    limit: DocumentsQuery = 20,
    ordinals: OrdinalsQuery = None,
    start: StartQuery = 0,
    max_characters: CharactersQuery = 4000,
) -> DocumentsView:
    """Documents one after another, or those at the places in `ordinals`. A long text is read on with `start`."""
    asked = {"offset": offset, "limit": limit, "start": start, "max_characters": max_characters}
    return service.documents(context, ref, project, {**asked, "ordinals": ordinals})


@router.get("/{ref}/statistics", summary="Read figures about a dataset")
def read_statistics(
    ref: RefPath, context: ContextDep, project: ProjectQuery = DEFAULT_PROJECT
) -> StatisticsView:
    """What `describe_dataset` counted; 404 `not-described` until it has."""
    return service.statistics(context, ref, project)


@router.post("/{ref}/describe", status_code=201, summary="Have a dataset counted")
def describe_dataset(
    ref: RefPath, body: DescribeAsk, context: ContextDep, key: KeyHeader = None
) -> DescribeOrdered:
    """Order the run that counts what is in a dataset and makes it searchable."""
    return once(context, key, body, DescribeOrdered, lambda: service.describe(context, ref, body))


@router.get("/{ref}/search", summary="Search a dataset")
def search_dataset(
    ref: RefPath,
    context: ContextDep,
    query: WordsQuery,
    project: ProjectQuery = DEFAULT_PROJECT,
    limit: LimitQuery = 20,
    after: AfterQuery = None,
) -> MatchPage:
    """Documents that hold all words, the best first, each with the piece of its text that shows them. Signs are no operators."""
    return service.search(context, ref, project, query, limit, after)


@router.get("/{ref}/difference", summary="Compare two datasets")
def compare_datasets(
    ref: RefPath,
    to: ToQuery,
    context: ContextDep,
    project: ProjectQuery = DEFAULT_PROJECT,
    limit: ExamplesQuery = 5,
) -> DifferenceView:
    """What came, went, changed and was renamed from this dataset to the other. Both are read whole."""
    return service.difference(context, ref, to, project, limit)


@router.get(
    "/{ref}/file",
    summary="Download a dataset",
    response_class=StreamingResponse,
    responses=FILES,
)
async def download_dataset(
    ref: RefPath,
    context: ContextDep,
    project: ProjectQuery = DEFAULT_PROJECT,
    format_: Annotated[FormatQuery, Query(alias="format")] = "jsonl",
) -> StreamingResponse:
    """All documents as one file, sent while it is made. In CSV a cell that a spreadsheet would take for a formula (it begins with
    = + - @, a tab or a carriage return) gets an apostrophe in front; the other formats hold every text as it is."""
    name, pieces = await run_in_threadpool(service.file, context, ref, project, format_)

    async def sent() -> AsyncIterator[bytes]:
        try:
            while (piece := await run_in_threadpool(next, pieces, None)) is not None:
                yield piece
        finally:
            pieces.close()

    return StreamingResponse(
        sent(),
        media_type=MEDIA_TYPES[format_],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.delete("/{ref}", summary="Delete a dataset")
def delete_dataset(
    ref: RefPath, context: ContextDep, project: ProjectQuery = DEFAULT_PROJECT
) -> DatasetDeleted:
    """Delete a name with all its versions, or one version (`name@2`); 409 `in-use` names who needs it."""
    return service.delete(context, ref, project)


@router.post("/inspect", summary="Look into files before importing them")
def inspect_source(body: InspectAsk, context: ContextDep) -> InspectView:
    """What kind each file is, how it would be read, how much is in it, what is wrong with it. Nothing is kept."""
    return service.inspect(context, body)
