"""The pages: built files with the right caching, the index for unknown paths, a plain page where nothing was built."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException

from glassworks.server.http import pages
from glassworks.server.http.pages import page


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A build of three files, beside something that is nobody's business."""
    folder = tmp_path / "web"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>the page")
    (folder / "assets" / "app-3f1c.js").write_text("1")
    (folder / "mark.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(pages, "WEB", folder)
    yield folder


def body(path: str) -> tuple[Path | None, str]:
    answer = page(path)
    return getattr(answer, "path", None), answer.headers.get("cache-control", "")


@pytest.mark.parametrize("path", ["", "runs", "runs/r4k7m2p9xq", "nothing/at/all"])
def test_unknown_paths_are_the_pages_own(web: Path, path: str) -> None:
    assert body(path) == (web / "index.html", "no-cache")


def test_hashed_files_are_kept_for_a_year_and_others_are_asked_for_again(web: Path) -> None:
    assert body("assets/app-3f1c.js") == (
        web / "assets" / "app-3f1c.js",
        "public, max-age=31536000, immutable",
    )
    assert body("mark.svg") == (web / "mark.svg", "no-cache")


@pytest.mark.parametrize("path", ["../secret.txt", "runs/../../secret.txt", "/etc/passwd"])
def test_no_path_leads_out_of_the_build(web: Path, path: str) -> None:
    assert body(path) == (web / "index.html", "no-cache")


def test_a_link_does_not_lead_out_either(web: Path) -> None:
    (web / "link.txt").symlink_to(web.parent / "secret.txt")
    assert body("link.txt") == (web / "index.html", "no-cache")


@pytest.mark.parametrize("path", ["api", "api/nothing", "v1/nothing"])
def test_an_unknown_call_is_no_page(web: Path, path: str) -> None:
    with pytest.raises(HTTPException) as refused:
        page(path)
    assert refused.value.status_code == 404


def test_without_a_build_a_plain_page_says_what_to_do(web: Path) -> None:
    shutil.rmtree(web)
    assert b"make web" in page("").body


def test_a_file_that_is_missing_from_the_assets_is_missing(web: Path) -> None:
    """An old tab asks for a file of the last build: it must not get the page in its place."""
    with pytest.raises(HTTPException):
        page("assets/gone-1234.js")


def test_the_app_of_the_pages_is_an_ordinary_one() -> None:
    app = FastAPI()
    pages.install_pages(app)
    assert "/{path:path}" in [getattr(route, "path", "") for route in app.routes]
