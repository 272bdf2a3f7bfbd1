"""`/api/projects`: make, rename and delete projects."""

from fastapi import APIRouter, status

from glassworks.server.features.projects import service
from glassworks.server.features.projects.schemas import (
    ProjectCreate,
    ProjectList,
    ProjectUpdate,
    ProjectView,
)
from glassworks.server.http.conditions import IfMatch, check_match
from glassworks.server.http.context import ContextDep, SessionDep
from glassworks.server.http.once import KeyHeader, once

router = APIRouter(prefix="/projects")


@router.get("", summary="List the projects")
def list_projects(session: SessionDep) -> ProjectList:
    """Every project with how much it holds; the default one first."""
    return ProjectList(items=service.all_projects(session))


@router.post("", summary="Make a project", status_code=status.HTTP_201_CREATED)
def create_project(body: ProjectCreate, context: ContextDep, key: KeyHeader = None) -> ProjectView:
    """A new, empty project."""

    def create() -> ProjectView:
        with context.database.transaction() as session:
            return service.create(session, body.name)

    return once(context, key, body, ProjectView, create)


@router.patch("/{name}", summary="Rename a project")
def rename_project(
    name: str, body: ProjectUpdate, session: SessionDep, match: IfMatch = None
) -> ProjectView:
    """Only while it is empty: the name stands in the folders of what it holds."""
    row = service.find(session, name)
    check_match(match, service.view(session, row).etag)
    return service.rename(session, row, body.name)


@router.delete("/{name}", summary="Delete a project", status_code=status.HTTP_204_NO_CONTENT)
def delete_project(name: str, session: SessionDep) -> None:
    """Only while it is empty; the default project always stays."""
    service.delete(session, service.find(session, name))
