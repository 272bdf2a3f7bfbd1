"""`/api/items`: everything that has a name."""

from typing import Annotated

from fastapi import APIRouter, Query

from glassworks.server.features.items import service
from glassworks.server.features.items.repository import Filter
from glassworks.server.features.items.schemas import ItemDetail, ItemPage
from glassworks.server.http.context import ContextDep, ProjectQuery, SessionDep
from glassworks.server.http.paging import AfterQuery, LimitQuery
from glassworks.specs.item import ItemKind

router = APIRouter(prefix="/items")


@router.get("", summary="List the items")
def list_items(
    context: ContextDep,
    session: SessionDep,
    project: ProjectQuery = "default",
    kind: Annotated[ItemKind | None, Query(description="Only this kind.")] = None,
    limit: LimitQuery = 50,
    after: AfterQuery = None,
) -> ItemPage:
    """The items of a project at their latest version, by kind and name."""
    return service.page(session, context.workshop.store, Filter(project, kind), limit, after)


@router.get("/{kind}/{name}", summary="Show an item")
def get_item(
    kind: ItemKind,
    name: str,
    context: ContextDep,
    session: SessionDep,
    project: ProjectQuery = "default",
) -> ItemDetail:
    """An item with all its versions, the newest first."""
    return service.detail(session, context.workshop.store, project, kind, name)
