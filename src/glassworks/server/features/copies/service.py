"""What the calls about copies do: lineage says which text, a helper of its own looks the stretches up."""

import threading

from glassworks.engine.copies import find_model, index_recipe, look_for_copies, missing_texts
from glassworks.engine.tools_client import ToolsClient
from glassworks.server.features.copies.schemas import (
    CopiesAsk,
    CopiesView,
    IndexAsk,
    IndexOrdered,
)
from glassworks.server.http.context import Context

_OPENING = threading.Lock()


class CopyReader(ToolsClient):
    """The helper that keeps indexes open; it needs little memory of its own, since they are memory-mapped."""


def look(context: Context, ask: CopiesAsk) -> CopiesView:
    """Raises NotFound, Conflict (`not-indexed`), InvalidSpec."""
    store = context.workshop.store
    with _OPENING:
        tools = context.kept(CopyReader) or context.keep(CopyReader, CopyReader())
    found = find_model(store, ask.ref, ask.project)
    return CopiesView.model_validate(
        look_for_copies(store, tools, found, ask.text, ask.min_characters)
    )


def index(context: Context, ask: IndexAsk) -> IndexOrdered:
    """Raises NotFound, Conflict, InvalidSpec."""
    store = context.workshop.store
    missing = missing_texts(store, find_model(store, ask.ref, ask.project))
    if not missing:
        return IndexOrdered(run=None)
    run, is_resumed = context.jobs.create(index_recipe(missing), None, ask.project)
    return IndexOrdered(run=run.id, is_resumed=is_resumed)
