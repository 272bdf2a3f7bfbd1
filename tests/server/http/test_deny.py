"""Nothing answers without credentials but a short list, found by walking every route that the app has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from glassworks.app import open_context
from glassworks.common.settings import Settings
from glassworks.server.http.app import create_app
from glassworks.storage.store import open_home
from tests.server.house import House

PUBLIC = {
    ("GET", "/healthz"),
    ("POST", "/api/session"),
    ("GET", "/docs/errors/{code}"),
    ("GET", "/docs/guides/{name}"),
    ("GET", "/{path:path}"),  # the pages' own files, which hold nothing of anybody
}
SOCKETS = {"/api/live"}
"""They check for themselves, and say so with a close code: see `test_sockets.py`."""


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("routes")
    settings = Settings(home=folder / "home", store=folder / "home" / "store")
    open_home(settings)
    context = open_context(settings)
    found = set(walk(create_app(context).routes))
    context.close()
    context.database.close()
    return found


def walk(routes: Any) -> Iterator[tuple[str, str]]:
    """(method, path) of every route, those of included routers too."""
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from walk(route.effective_candidates())
        elif getattr(route, "methods", None):
            yield from ((method, route.path) for method in route.methods - {"HEAD"})
        else:
            yield ("WEBSOCKET", getattr(route, "path", None) or route.original_route.path)


def test_every_slice_is_walked(routes: set[tuple[str, str]]) -> None:
    slices = Path(__file__).parents[3] / "src" / "glassworks" / "server" / "features"
    assert len(routes) > len(list(slices.glob("*/endpoints.py")))
    for known in (("GET", "/api/machine"), ("PATCH", "/api/runs/{run}"), ("GET", "/metrics")):
        assert known in routes


def test_sockets_are_those_that_check_for_themselves(routes: set[tuple[str, str]]) -> None:
    found = {path for method, path in routes if method == "WEBSOCKET"}
    assert {"/api" + path.removeprefix("/api") for path in found} == SOCKETS


def test_everything_else_is_refused_without_credentials(
    routes: set[tuple[str, str]], house: House
) -> None:
    with house.guest() as guest:
        open_ones = [
            (method, path)
            for method, path in sorted(routes)
            if method != "WEBSOCKET"
            and (method, path) not in PUBLIC
            and not is_refused(guest, method, path)
        ]
    assert open_ones == []


@pytest.mark.parametrize("token", ["wrong", "é", "x" * 5000])
def test_a_wrong_token_or_cookie_is_nobody(house: House, token: str) -> None:
    with house.guest() as guest:
        bearer = [(b"Authorization", f"Bearer {token}".encode("latin-1"))]
        assert guest.get("/api/session", headers=bearer).status_code == 401
        name = next(iter(house.sign_in().cookies.keys()))
        cookie = [(b"Cookie", f"{name}={token}".encode("latin-1"))]
        assert guest.get("/api/session", headers=cookie).status_code == 401


def is_refused(guest: httpx.Client, method: str, path: str) -> bool:
    address = path.replace("{", "").replace("}", "")
    answer = guest.request(method, address, json={} if method != "GET" else None)
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return answer.status_code == 401 and is_problem and answer.json()["code"] == "signed-out"
