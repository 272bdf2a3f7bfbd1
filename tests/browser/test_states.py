"""Each page while it loads, empty, failed and full, brought about by real means: an empty home, a slow line, a killed server.

In each state: what a person should see is there, and axe finds nothing.
"""

import contextlib
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLong

from tests.browser.conftest import open_page, own, signed_in, violations
from tests.browser.states import PAGES, Sees, States
from tests.browser.wire import Wire
from tests.server.house import House

ROUTER = Path("web/src/app/router.tsx")
LOOKS = [("wide", "light"), ("narrow", "dark")]
INSIDE = [path for path in PAGES if path != "/sign-in"]


def test_every_page_of_the_router_has_its_states() -> None:
    paths = re.findall(r"path: '([^']+)'", ROUTER.read_text(encoding="utf-8"))
    assert set(paths) == PAGES.keys()


@pytest.fixture(scope="package")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server on a home with nothing at all in it, on a machine that was never measured."""
    home = tmp_path_factory.mktemp("empty") / "home"
    home.mkdir(mode=0o700)
    for house, _ in own(House(home), ""):
        yield house


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_empty(
    browser: Browser, empty: House, trained: tuple[House, str], size: str, scheme: str
) -> None:
    context = signed_in(browser, empty, size, scheme)
    problems: list[str] = []
    for route in INSIDE:
        states = PAGES[route]
        if isinstance(states.empty, Sees):
            page = open_page(context, empty.address, address(states, states.empty, trained[1]))
            problems += look(page, route, states.empty)
            page.close()
    context.close()
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_loading_then_full(
    browser: Browser, trained: tuple[House, str], wire: Wire, size: str, scheme: str
) -> None:
    """Behind a slow line the page shows the shape of what comes, and then that; no other state flashes up between."""
    house, run = trained
    problems: list[str] = []
    for route in INSIDE:
        states = PAGES[route]
        context = signed_in(browser, house, size, scheme)
        page = context.new_page()
        with wire.slow(states.slow):
            page.goto(wire.address + address(states, states.loading, run))
            problems += look(page, f"{route}, loading", states.loading)
            for other in (states.full, states.empty):
                if isinstance(other, Sees) and find(page, other).is_visible():
                    problems.append(f"{route}: shows {other.name!r} while it loads")
        problems += look(page, f"{route}, full", states.full, has_axe=False)
        context.close()
    assert not problems, "\n".join(problems)


def test_a_killed_server_is_told_by_each_page_and_trying_again_helps(
    browser: Browser, copied: tuple[House, str]
) -> None:
    house, _ = copied
    context = signed_in(browser, house)
    failures = {
        route: failed for route in INSIDE if isinstance(failed := PAGES[route].failed, Sees)
    }
    pages = {route: open_page(context, house.address, PAGES[route].start) for route in failures}
    for page in pages.values():
        page.get_by_role("heading", level=1).first.wait_for()
        page.wait_for_load_state("networkidle")
    port = house.address.rpartition(":")[2]
    house.stop(signal.SIGKILL)
    problems: list[str] = []
    for route, page in pages.items():
        for name in PAGES[route].reach:
            page.get_by_role("link", name=name).locator("visible=true").first.click(timeout=5000)
    for route, page in pages.items():
        problems += look(page, f"{route}, failed", failures[route])
    house.options = ("--no-first-run", "--port", port)
    house.start()
    for route, page in pages.items():
        again = page.get_by_role("alert").get_by_role("button", name="Try again").first
        with contextlib.suppress(TooLong):  # a page with a live line comes back by itself
            again.click(timeout=2000)
        problems += look(page, f"{route}, again", PAGES[route].full, has_axe=False)
    context.close()
    assert not problems, "\n".join(problems)


def test_a_machine_without_a_network_has_its_workshop(
    browser: Browser, trained: tuple[House, str]
) -> None:
    """The browser says that it is offline; the server on the same machine answers all the same."""
    house, _ = trained
    context = signed_in(browser, house)
    page = open_page(context, house.address, "/settings")
    page.get_by_role("heading", level=1).wait_for()
    page.evaluate("dispatchEvent(new Event('offline'))")
    page.get_by_role("link", name="Runs").first.click()
    expect(find(page, PAGES["/runs"].full)).to_be_visible()
    context.close()


def test_signing_in(browser: Browser, trained: tuple[House, str], wire: Wire) -> None:
    """The page behind a sign-in link: slow, spent, without a key, and done."""
    house, run = trained
    states = PAGES["/sign-in"]
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    problems: list[str] = []
    for state in (states.empty, states.failed):
        if isinstance(state, Sees):
            page.goto("about:blank")
            page.goto(house.address + address(states, state, run))
            problems += look(page, "/sign-in", state)
    with wire.slow(states.slow):
        page.goto(f"{wire.address}/sign-in#{house.new_key()}")
        problems += look(page, "/sign-in, loading", states.loading)
    problems += look(page, "/sign-in, full", states.full, has_axe=False)
    context.close()
    assert not problems, "\n".join(problems)


def address(states: States, state: Sees, run: str) -> str:
    return (state.path or states.path).format(run=run)


def find(page: Page, state: Sees) -> Locator:
    place = page.get_by_role("main")
    if state.role in ("alert", "definition"):  # what they hold is no name
        return place.get_by_role(state.role).filter(has_text=state.pattern).first
    return place.get_by_role(state.role, name=state.pattern).first


def look(page: Page, where: str, state: Sees, has_axe: bool = True) -> list[str]:
    """What is wrong with a page that should be in a state; `test_pages.py` has axe look at the full ones."""
    try:
        expect(find(page, state)).to_be_visible(timeout=10_000)
    except AssertionError:
        shown = page.locator("body").inner_text().replace("\n", " ")[:200]
        return [f"{where}: no {state.role} {state.name!r}; it shows: {shown}"]
    return [f"{where}: {problem}" for problem in violations(page)] if has_axe else []
