"""Items from the index; their figures from the artifacts' manifests, which are read at once."""

from typing import Any

from sqlalchemy.orm import Session

from glassworks.common.errors import BadData, NotFound
from glassworks.server.db.tables import VersionRow
from glassworks.server.features.items import repository
from glassworks.server.features.items.repository import Filter
from glassworks.server.features.items.schemas import ItemDetail, ItemPage, ItemView, VersionView
from glassworks.server.http.paging import decode_cursor, encode_cursor
from glassworks.specs.artifact import ManifestSpec
from glassworks.storage.store import Store


def page(session: Session, store: Store, wanted: Filter, limit: int, after: str | None) -> ItemPage:
    place = decode_cursor(after, 3) if after else None
    rows = repository.latest(
        session, wanted, limit + 1, (str(place[0]), str(place[1]), str(place[2])) if place else None
    )
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return ItemPage(
        items=tuple(ItemView.model_validate(_item(store, row)) for row in shown),
        next=encode_cursor(last.project, last.kind, last.name) if last else None,
        total=repository.count(session, wanted),
    )


def detail(session: Session, store: Store, project: str, kind: str, name: str) -> ItemDetail:
    """Raises NotFound."""
    item = repository.find(session, project, kind, name)
    if item is None:
        raise NotFound(
            "item-not-found",
            f"There is no {kind} called {name!r} in project {project!r}.",
            "The list of items shows what there is.",
        )
    rows = repository.versions(session, item)
    return ItemDetail(
        **_item(store, rows[0]),
        versions=tuple(_version(store, row) for row in rows),
        aliases=item.aliases,
    )


def _item(store: Store, row: VersionRow) -> dict[str, Any]:
    manifest = _manifest(store, row.artifact)
    return {
        "kind": row.kind,
        "name": row.name,
        "project": row.project,
        "version": row.number,
        "artifact": row.artifact,
        "run": row.run,
        "created_at": row.created_at,
        "summary": manifest.summary if manifest else {},
        "is_present": manifest is not None,
    }


def _version(store: Store, row: VersionRow) -> VersionView:
    manifest = _manifest(store, row.artifact)
    return VersionView(
        number=row.number,
        artifact=row.artifact,
        run=row.run,
        note=row.note,
        created_at=row.created_at,
        summary=manifest.summary if manifest else {},
        size_bytes=manifest.size_bytes if manifest else 0,
        is_present=manifest is not None,
    )


def _manifest(store: Store, artifact: str) -> ManifestSpec | None:
    """A name whose artifact is gone or damaged is still shown, and says so."""
    try:
        return store.artifacts.manifest(artifact)
    except (NotFound, BadData):
        return None
