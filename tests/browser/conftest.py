"""A real browser on a real server with real, tiny trainings. Without Chromium these tests fail and say what to install."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import make_home, write_tiny_recipe
from tests.processes import until
from tests.server.house import House

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
INDEX = Path("src/glassworks/content/web/index.html")
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}


def chromium() -> str:
    """Where the browser is; $CHROMIUM chooses another."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("Chromium is needed to test the pages. Debian, Ubuntu: apt install chromium")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert INDEX.exists(), "The pages are not built. Run `make web`."
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


def document(folder: Path, **train: Any) -> dict[str, Any]:
    """The tiny recipe as a document: a model that is trained in seconds."""
    recipe: dict[str, Any] = yaml.safe_load(write_tiny_recipe(folder, **train).read_text())
    return recipe


def order(house: House, recipe: dict[str, Any], **more: Any) -> str:
    answer = house.api.post("/api/runs", json={"document": recipe, **more})
    assert answer.status_code == 201, answer.text
    run: str = answer.json()["run"]["id"]
    return run


def status(house: House, run: str) -> str:
    found: str = house.api.get(f"/api/runs/{run}").json()["run"]["status"]
    return found


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """A server with one finished tiny run, shared by all tests that only look."""
    folder = tmp_path_factory.mktemp("trained")
    with House(make_home(folder / "home")) as house:
        run = order(house, document(folder))
        until(lambda: status(house, run) == "done", limit_s=120)
        yield house, run


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[House]:
    """A server on an empty home of the test's own."""
    house = House(make_home(tmp_path / "home"))
    house.start()
    yield house
    if house.process.poll() is None:
        for row in house.api.get("/api/runs").json()["items"]:
            house.api.post(f"/api/runs/{row['id']}/cancel")
        house.stop()


def signed_in(
    browser: Browser, house: House, size: str = "wide", scheme: str = "light"
) -> BrowserContext:
    """A browser that followed a sign-in link."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{house.address}/sign-in#{house.new_key()}")
    page.get_by_role("navigation").first.wait_for()
    page.close()
    return context


def open_page(context: BrowserContext, house: House, path: str) -> Page:
    page = context.new_page()
    page.goto(house.address + path)
    return page
