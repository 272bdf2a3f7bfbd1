"""What is not the interface: the built pages, their assets, health and figures, and the description of the interface.

Unknown addresses outside `/api` give the page, whose own router knows them. Hashed assets are kept for a year.
"""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select
from starlette.exceptions import HTTPException

from glassworks.server.db.tables import RunRow
from glassworks.server.http.context import ContextDep
from glassworks.server.http.documents import error_page, guide_page
from glassworks.server.http.figures import REGISTRY, RUNS, VIEWERS
from glassworks.server.http.people import require_user

WEB = Path(str(files("glassworks.content"))) / "web"
ASSETS = "assets/"
YEAR = "public, max-age=31536000, immutable"
NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Glassworks</title>
<body style="font:16px/1.5 Georgia,serif;max-width:38rem;margin:4rem auto;padding:0 1rem">
<h1>The pages are not built yet.</h1><p>The server runs, and its interface answers. <code>make web</code> builds the
pages; then load this address again.</p>"""
DOCS = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Interface · Glassworks</title>
<link rel="stylesheet" href="/swagger/swagger-ui.css"><body><div id="swagger-ui"></div>
<script src="/swagger/swagger-ui-bundle.js"></script><script src="/swagger/start.js"></script>"""
SignedIn = Annotated[str, Depends(require_user)]


def install_pages(app: FastAPI) -> None:
    """Hang everything beside the interface into the app."""
    hidden = {"include_in_schema": False}
    app.add_api_route("/healthz", healthz, **hidden)  # type: ignore[arg-type]  # one keyword only
    app.add_api_route("/metrics", metrics, **hidden)  # type: ignore[arg-type]
    app.add_api_route("/api/openapi.json", openapi, **hidden)  # type: ignore[arg-type]
    app.add_api_route("/api/docs", docs, **hidden)  # type: ignore[arg-type]
    app.add_api_route("/docs/errors/{code}", error_page, **hidden)  # type: ignore[arg-type]
    app.add_api_route("/docs/guides/{name}", guide_page, **hidden)  # type: ignore[arg-type]
    app.add_api_route("/{path:path}", page, **hidden)  # type: ignore[arg-type]


def healthz(context: ContextDep) -> dict[str, str]:
    """Alive, and able to read its database."""
    with context.database.transaction() as session:
        session.execute(select(1))
    return {"status": "ok"}


def metrics(context: ContextDep, user: SignedIn) -> Response:
    VIEWERS.set(len(context.hub.viewers))
    with context.database.transaction() as session:
        counts = session.execute(
            select(RunRow.status, func.count()).where(RunRow.kind == "flow").group_by(RunRow.status)
        )
        RUNS.clear()
        for status, count in counts:
            RUNS.labels(status).set(count)
    return PlainTextResponse(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def openapi(request: Request, user: SignedIn) -> Response:
    return JSONResponse(request.app.openapi())


def docs(user: SignedIn) -> Response:
    """The interactive description; its parts come with the built pages, so it works without a network."""
    return HTMLResponse(DOCS)


def page(path: str) -> Response:
    """A file of the build, else the page itself."""
    if path == "api" or path.startswith(("api/", "v1/")):
        raise HTTPException(404)
    found = (WEB / path).resolve()
    if path and found.is_file() and found.is_relative_to(WEB.resolve()):
        caching = YEAR if path.startswith(ASSETS) else "no-cache"
        return FileResponse(found, headers={"Cache-Control": caching})
    if path.startswith(ASSETS):
        raise HTTPException(
            404
        )  # a page of the build before this one must not get HTML for its script
    index = WEB / "index.html"
    if not index.is_file():
        return HTMLResponse(NOT_BUILT)
    headers: dict[str, Any] = {"Cache-Control": "no-cache"}
    return FileResponse(index, headers=headers)
