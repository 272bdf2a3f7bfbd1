"""`/api/datasets`: datasets by name, version, run or id; what is in them, where they come from, who uses them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.features.datasets import service
from glassworks.server.features.datasets.schemas import DatasetDetail, DatasetPage, DocumentsView
from glassworks.server.http.context import ContextDep, ProjectQuery
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
