"""Every page, in both themes, wide and narrow: no accessibility violation, no error in the console, no sideways scrolling.

The list of pages comes from the router's source: a new page without an address here fails.
"""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import open_page, signed_in
from tests.server.house import House

AXE = Path("web/node_modules/axe-core/axe.min.js")
ROUTER = Path("web/src/app/router.tsx")
BUILT = Path("src/glassworks/content/web")
ADDRESSES = {
    "/": "/",
    "/runs": "/runs",
    "/runs/$runId": "/runs/{run}",
    "/playground": "/playground",
    "/settings": "/settings",
    "/style": "/style",
    "/sign-in": "/sign-in#used-up",
}
MAX_FIRST_BYTES = 220_000


def test_every_page_of_the_router_is_looked_at() -> None:
    paths = set(re.findall(r"path: '([^']+)'", ROUTER.read_text(encoding="utf-8")))
    assert paths == ADDRESSES.keys()


@pytest.mark.parametrize("size", ["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(
    browser: Browser, trained: tuple[House, str], size: str, scheme: str
) -> None:
    house, run = trained
    context = signed_in(browser, house, size, scheme)
    problems: list[str] = []
    for path, address in ADDRESSES.items():
        page = open_page(context, house.address, address.format(run=run))
        page.on("pageerror", lambda error: problems.append(f"a page's own error: {error}"))
        page.get_by_role("main").wait_for()
        page.wait_for_load_state("networkidle")
        problems.extend(f"{path}: {problem}" for problem in violations(page))
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if width > 0:
            problems.append(f"{path}: {width} px wider than the screen")
        page.close()
    context.close()
    if problems:
        pytest.fail("\n".join(problems))


def test_the_first_page_is_small() -> None:
    """JavaScript that must arrive before anything can be shown, compressed."""
    manifest: dict[str, Any] = json.loads((BUILT / ".vite" / "manifest.json").read_text())
    entry = next(part for part in manifest.values() if part.get("isEntry"))
    files = {entry["file"], *(manifest[name]["file"] for name in entry.get("imports", []))}
    sizes = {name: len(gzip.compress((BUILT / name).read_bytes())) for name in files}
    assert sum(sizes.values()) <= MAX_FIRST_BYTES, sizes


def test_what_does_not_exist_says_so_and_leads_on(
    browser: Browser, trained: tuple[House, str]
) -> None:
    house, _ = trained
    context = signed_in(browser, house)
    page = open_page(context, house.address, "/no-such-page")
    expect(page.get_by_role("alert")).to_contain_text("no page at this address")
    page.goto(f"{house.address}/runs/r9zzzzzzzz")
    expect(page.get_by_role("alert")).to_contain_text("There is no run")
    page.get_by_role("link", name="All runs").click()
    expect(page.get_by_role("heading", name="Runs", level=1)).to_be_visible()
    context.close()


def test_an_empty_project_teaches_and_a_stranger_is_told_how_to_sign_in(
    browser: Browser, fresh: House
) -> None:
    context = signed_in(browser, fresh)
    page = open_page(context, fresh.address, "/runs")
    expect(page.get_by_text("Nothing has been trained here yet.")).to_be_visible()
    page.get_by_role("button", name="Train a first model").click()
    expect(page.get_by_role("dialog")).to_contain_text("plays of Shakespeare")
    page.goto(f"{fresh.address}/playground")
    expect(page.get_by_text("No model can write yet.")).to_be_visible()
    context.close()
    stranger = browser.new_context().new_page()
    stranger.goto(fresh.address)
    expect(stranger.get_by_text("glassworks open")).to_be_visible()
    stranger.context.close()


def violations(page: Page) -> list[str]:
    """What axe finds, one line a rule with the first place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
