"""`/api/copies`: what of a text a model copied from the text that it learned from. Looking changes nothing; indexing is a run."""

from fastapi import APIRouter

from glassworks.server.features.copies import service
from glassworks.server.features.copies.schemas import (
    CopiesAsk,
    CopiesView,
    IndexAsk,
    IndexOrdered,
)
from glassworks.server.http.context import ContextDep
from glassworks.server.http.once import KeyHeader, once

router = APIRouter(prefix="/copies")


@router.post("", summary="Look for copies in a text")
def find_copies(ask: CopiesAsk, context: ContextDep) -> CopiesView:
    """The longest stretches of a text that stand in the model's training text exactly so; 409 `not-indexed` until it is indexed."""
    return service.look(context, ask)


@router.post("/index", status_code=201, summary="Index what a model learned from")
def index_text(body: IndexAsk, context: ContextDep, key: KeyHeader = None) -> IndexOrdered:
    """Order the run that sorts every stretch of the model's training text; where that was done before there is none."""
    return once(context, key, body, IndexOrdered, lambda: service.index(context, body))
