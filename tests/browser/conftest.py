"""A real browser on a real server with real, tiny trainings. Without Chromium these tests fail and say what to install."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.wire import Wire
from tests.conftest import end_attempts, make_home, write_tiny_recipe
from tests.processes import until
from tests.server.house import House

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
INDEX = Path("src/glassworks/content/web/index.html")
AXE = Path("web/node_modules/axe-core/axe.min.js")
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
LIMIT_MS = 30_000
"""How long a page may take on a busy machine; nothing here measures time."""
LONG = {
    "steps": 60_000,
    "batch_size": 512,
    "checkpoint_every": 40,
    "evaluate_every": 20,
    "sample_every": 100,
}
"""A training that goes on for as long as a test needs it: some twenty steps a second, for it is not the flood that is tested."""


def chromium() -> str:
    """Where the browser is; $CHROMIUM chooses another."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("Chromium is needed to test the pages. Debian, Ubuntu: apt install chromium")
    return found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    assert INDEX.exists(), "The pages are not built. Run `make web`."
    expect.set_options(timeout=LIMIT_MS)
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


def document(folder: Path, **train: Any) -> dict[str, Any]:
    """The tiny recipe as a document: a model that is trained in seconds."""
    recipe: dict[str, Any] = yaml.safe_load(write_tiny_recipe(folder, **train).read_text())
    return recipe


def dataset_of(text: str, name: str = "words") -> dict[str, Any]:
    """A document that makes a dataset of a text, a document a paragraph, and describes it."""
    source = {"kind": "pasted_text", "text": text, "cut": "paragraphs"}
    return {
        "name": name,
        "title": name,
        "output": "data.dataset",
        "nodes": {
            "data": {"stage": "import_dataset", "config": {"source": source}},
            "describe": {"stage": "describe_dataset", "inputs": {"dataset": "data.dataset"}},
        },
    }


def order(house: House, recipe: dict[str, Any], **more: Any) -> str:
    answer = house.api.post("/api/runs", json={"document": recipe, **more})
    assert answer.status_code == 201, answer.text
    run: str = answer.json()["run"]["id"]
    return run


def status(house: House, run: str) -> str:
    answer = house.api.get(f"/api/runs/{run}")
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["run"]["status"]
    return found


@pytest.fixture(scope="package")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """A server with one finished tiny run and the dataset `words`, shared by all tests that only look."""
    folder = tmp_path_factory.mktemp("trained")
    with House(make_home(folder / "home")) as house:
        run = order(house, document(folder))
        words = order(house, dataset_of("a kiln holds its heat, and glass tells of it. " * 9))
        until(lambda: status(house, words) == status(house, run) == "done", limit_s=120)
        house.api.delete(
            f"/api/runs/{words}"
        )  # the dataset stays; the run is one more than tests expect
        yield house, run


@pytest.fixture
def copied(trained: tuple[House, str], tmp_path: Path) -> Iterator[tuple[House, str]]:
    """A server of the test's own on a copy of the home with the finished run: it may be changed and killed."""
    house, run = trained
    home = tmp_path / "copy"
    shutil.copytree(house.home, home, symlinks=True, ignore=shutil.ignore_patterns("server.*"))
    yield from own(House(home), run)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[House]:
    """A server of the test's own on an empty home."""
    for house, _ in own(House(make_home(tmp_path / "home")), ""):
        yield house


def own(house: House, run: str) -> Iterator[tuple[House, str]]:
    house.start()
    yield house, run
    if house.process.poll() is None:
        house.stop()
    end_attempts(house.home)


@pytest.fixture
def wire(trained: tuple[House, str]) -> Iterator[Wire]:
    """A line to the shared server that can be made slow, or cut."""
    with Wire(trained[0].address) as line:
        yield line


def signed_in(
    browser: Browser, house: House, size: str = "wide", scheme: str = "light"
) -> BrowserContext:
    """A browser that is signed in; `test_first_visit_to_first_token` follows a link by hand."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(LIMIT_MS)
    cookies = house.sign_in().cookies
    context.add_cookies(
        [{"name": name, "value": value, "url": house.address} for name, value in cookies.items()]
    )
    return context


def open_page(context: BrowserContext, address: str, path: str) -> Page:
    page = context.new_page()
    page.goto(address + path)
    return page


def violations(page: Page) -> list[str]:
    """What axe finds, one line a rule with the first place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
