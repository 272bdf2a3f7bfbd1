"""Every page and every dialog, in both themes, wide and narrow: no accessibility violation, no error in the console, no
sideways scrolling from 360 to 2560 pixels. The pages are those of `states.py`, which has all that the router has.
"""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.browser.conftest import SIZES, document, open_page, order, signed_in, status, violations
from tests.browser.states import PAGES
from tests.processes import until
from tests.server.house import House

BUILT = Path("src/glassworks/content/web")
MAX_FIRST_BYTES = 220_000
EXTREMES = {"wide": 2560, "narrow": 360}
SIGN_IN = "/sign-in#used-up"
REFUSED = "Failed to load resource"
"""The browser's own line about an answer of 400 or more, which is part of some states."""


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        ("wide", "light"),
        ("narrow", "dark"),
        pytest.param("wide", "dark", marks=pytest.mark.soak),
        pytest.param("narrow", "light", marks=pytest.mark.soak),
    ],
)
def test_pages_are_accessible(
    browser: Browser, trained: tuple[House, str], size: str, scheme: str
) -> None:
    house, run = trained
    context = signed_in(browser, house, size, scheme)
    problems: list[str] = []
    for route, states in PAGES.items():
        address = SIGN_IN if route == "/sign-in" else states.path.format(run=run)
        page = listened_to(context, route, problems)
        page.goto(house.address + address)
        page.get_by_role("heading", level=1).first.wait_for()
        page.wait_for_load_state("networkidle")
        problems += [f"{route}: {problem}" for problem in violations(page)]
        problems += too_wide(page, route)
        page.set_viewport_size({"width": EXTREMES[size], "height": 900})
        problems += too_wide(page, route)
        page.close()
    context.close()
    assert not problems, "\n".join(problems)


def own_text(page: Page) -> None:
    page.get_by_role("button", name="Use my own text").first.click()
    page.get_by_role("dialog").get_by_label("Or paste text").fill("Too little.")


def new_run(page: Page) -> None:
    page.get_by_role("button", name="New run").click()
    page.get_by_role("dialog").get_by_label("Steps").fill("many")
    expect(page.get_by_text("A number is needed here.")).to_be_visible()


def palette(page: Page) -> None:
    page.get_by_role("table").wait_for()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("listbox")).to_be_visible()


def menu(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    expect(page.get_by_role("menuitem", name="Rename")).to_be_visible()


def rename(page: Page) -> None:
    menu(page)
    page.get_by_role("menuitem", name="Rename").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def delete(page: Page) -> None:
    menu(page)
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Delete")).to_be_disabled()


def clone(page: Page) -> None:
    page.get_by_role("button", name="Clone with changes").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def replay(page: Page) -> None:
    menu(page)
    page.get_by_role("menuitem", name="Play it again").click()


def table(page: Page) -> None:
    page.get_by_role("button", name="Table").click()
    expect(page.get_by_role("region", name="Figures by step")).to_be_visible()


def answer(page: Page) -> None:
    page.get_by_role("button", name="Let it write").click()
    expect(page.get_by_role("button", name="Write again")).to_be_visible()
    page.get_by_role("region", name="Answer").locator("p [role=button]").nth(2).click()
    expect(page.get_by_role("heading", name="How token 3 was drawn")).to_be_visible()


def new_tokenizer(page: Page) -> None:
    page.get_by_role("button", name="Train a new one").click()
    page.get_by_role("dialog").get_by_label("Tokens in the vocabulary").fill("few")
    expect(page.get_by_text("A whole number from")).to_be_visible()


def tables(page: Page) -> None:
    page.get_by_role("img", name="Bytes per token").wait_for()
    for twin in page.locator("main summary").all():
        twin.click()


def vocabulary(page: Page) -> None:
    page.get_by_role("button", name="Vocabulary").click()
    expect(page.get_by_role("region", name="Tokens")).to_be_visible()


def size(page: Page) -> None:
    page.get_by_role("button", name="Size").click()
    expect(page.get_by_role("img", name="What it costs")).to_be_visible()


def special_tokens(page: Page) -> None:
    page.get_by_role("button", name="Special tokens").click()
    expect(page.get_by_text("a model learns to write")).to_be_visible()


def chat(page: Page) -> None:
    page.get_by_role("button", name="Chat").click()


OPENED: dict[str, list[Callable[[Page], None]]] = {
    "/": [own_text],
    "/runs": [palette, new_run],
    "/runs/{run}": [menu, rename, delete, clone, table, replay],
    "/tokenizer": [new_tokenizer, tables, vocabulary, size, special_tokens],
    "/playground?ref={run}:latest&prompt=ab&n=6": [answer, chat],
}


@pytest.mark.parametrize(("size", "scheme"), [("wide", "dark"), ("narrow", "light")])
def test_what_opens_on_a_page_is_accessible(
    browser: Browser, trained: tuple[House, str], size: str, scheme: str
) -> None:
    house, run = trained
    context = signed_in(browser, house, size, scheme)
    problems: list[str] = []
    for path, acts in OPENED.items():
        page = listened_to(context, path, problems)
        page.goto(house.address + path.format(run=run))
        for act in acts:
            act(page)
            where = f"{path}, {act.__name__}"
            problems += [f"{where}: {problem}" for problem in violations(page)]
            problems += too_wide(page, where)
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog").or_(page.get_by_role("menu"))).to_have_count(0)
        page.close()
    context.close()
    assert not problems, "\n".join(problems)


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
    page.get_by_role("navigation").get_by_role("link", name="Runs").first.click()
    expect(page.get_by_role("heading", name="Runs", level=1)).to_be_visible()
    page.goto(f"{house.address}/runs/r9zzzzzzzz")
    expect(page.get_by_role("alert")).to_contain_text("There is no run")
    page.get_by_role("link", name="All runs").click()
    expect(page.get_by_role("heading", name="Runs", level=1)).to_be_visible()
    page.goto(f"{house.address}/playground?ref=nobody")
    page.get_by_role("button", name="Let it write").click()
    expect(page.get_by_role("alert").first).to_contain_text(re.compile("nobody"))
    context.close()


def listened_to(context: BrowserContext, where: str, problems: list[str]) -> Page:
    """A new page whose own errors, and what its console says of errors, come into `problems`."""

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED):
            problems.append(f"{where}: the console says {message.text[:300]}")

    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(f"{where}: the page's own error {error}"))
    page.on("console", hear)
    return page


def too_wide(page: Page, where: str) -> list[str]:
    page.evaluate("document.fonts.ready.then(() => null)")
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    width = page.evaluate("innerWidth")
    return [f"{where}: {wider} px wider than the screen of {width}"] if wider > 0 else []


def test_three_runs_beside_each_other_fit_the_screen(
    browser: Browser, copied: tuple[House, str], tmp_path: Path
) -> None:
    house, run = copied
    runs = [run, *(order(house, document(tmp_path, seed=seed)) for seed in (5, 6))]
    until(lambda: {status(house, one) for one in runs} == {"done"}, limit_s=120)
    for size in SIZES:
        context = signed_in(browser, house, size)
        page = open_page(context, house.address, f"/runs?compare={','.join(runs)}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for name in ("train.seed", "bits per byte"):
            expect(page.get_by_text(name, exact=False).first).to_be_visible()
        assert not too_wide(page, f"a comparison of three, {size}")
        context.close()


def test_the_description_tries_a_change_out(browser: Browser, copied: tuple[House, str]) -> None:
    """The interactive page sends what a change needs: a project is made from it."""
    house, _ = copied
    context = signed_in(browser, house)
    page = open_page(context, house.address, "/api/docs")
    page.locator("#operations-projects-create_project, [id$=create_project]").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("textbox").last.fill('{"name": "from-the-page"}')
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response .response-col_status")).to_contain_text(
        "201"
    )
    context.close()
