"""The app: every feature slice hung into a root router that denies by default, and the pages beside it.

In: a `Context`. Out: an ASGI app. A slice is a folder of `server/features/` whose `endpoints.py` has a `router`; what may be
asked without signing in, it puts on a second one, `public_router`. Nothing else is reachable without a session or token.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from glassworks.common.version import VERSION
from glassworks.server.http.context import Context
from glassworks.server.http.described import DescribedApp
from glassworks.server.http.guard import Guard
from glassworks.server.http.pages import install_pages
from glassworks.server.http.people import require_user
from glassworks.server.http.problems import PROBLEM, install_problems
from glassworks.server.jobs.index import ended_flows

FEATURES = "glassworks.server.features"
"""A name, not an import: this floor lies below the slices, and finds them by scanning their folder."""
DESCRIPTION = """Everything that the pages do, for programs. Sign in with a session cookie and its CSRF token, or with
`Authorization: Bearer` and the token in `server.json` of the home folder. Errors are `application/problem+json`."""


def create_app(context: Context, has_first_run: bool = True) -> FastAPI:
    """The application; serve it through `guarded`. Its life starts the hub and the jobs, and ends them."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        await context.hub.start(ended_flows(context.database))
        context.jobs.start(has_first_run)
        try:
            yield
        finally:
            await context.hub.close()
            context.jobs.close()
            context.close()

    app = DescribedApp(
        title="Glassworks",
        version=VERSION,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=life,
        responses=PROBLEM,
        generate_unique_id_function=_operation_id,
    )
    app.state.context = context
    install_problems(app)
    root = APIRouter(prefix="/api", dependencies=[Depends(require_user)])
    public = APIRouter(prefix="/api")
    for slice_ in slices():
        root.include_router(slice_.router, tags=[slice_.__name__.split(".")[-2]])
        if hasattr(slice_, "public_router"):
            public.include_router(slice_.public_router, tags=[slice_.__name__.split(".")[-2]])
    app.include_router(public)
    app.include_router(root)
    install_pages(app)
    return app


def guarded(app: FastAPI) -> ASGIApp:
    """The app behind the guard; this is what a server serves."""
    return Guard(app)


def slices() -> list[ModuleType]:
    """The `endpoints` module of each folder in `server/features/` that has one."""
    files = (f for p in import_module(FEATURES).__path__ for f in Path(p).glob("*/endpoints.py"))
    folders = sorted(file.parent.name for file in files)
    return [import_module(f"{FEATURES}.{folder}.endpoints") for folder in folders]


def _operation_id(route: APIRoute) -> str:
    return route.name
