"""The page of a run while it trains: what happens to its server, its worker and its viewer, and never a false state."""

import os
import re
import signal
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import LONG, document, open_page, order, own, signed_in, status
from tests.browser.tables import read_table, shown_rows
from tests.conftest import make_home
from tests.processes import until
from tests.server.house import House

FALSE = re.compile("failed|interrupted|done", re.I)
FIGURE = re.compile(r"\d+\.\d+")
ASLEEP_S = 60


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """A server with a run that goes on for as long as it is needed."""
    folder = tmp_path_factory.mktemp("busy")
    for house, _ in own(House(make_home(folder / "home")), ""):
        run = order(house, document(folder, **LONG), name="long")
        until(partial(has_begun, house, run))
        yield house, run


def has_begun(house: House, run: str) -> bool:
    return bool(house.api.get(f"/api/runs/{run}").json()["run"]["step"])


def test_reload_sleep_and_a_killed_server(browser: Browser, busy: tuple[House, str]) -> None:
    """Reload; the viewer sleeps while the server is frozen; kill -9; restart: the curve stays, and grows again."""
    house, run = busy
    context = signed_in(browser, house)
    page = context.new_page()
    page.clock.install()
    page.goto(f"{house.address}/runs/{run}")
    expect(curve(page)).to_be_visible()
    page.reload()
    expect(curve(page)).to_be_visible()
    os.kill(house.process.pid, signal.SIGSTOP)
    page.clock.fast_forward(ASLEEP_S * 1000)
    expect(silence(page)).to_be_visible()
    no_false_state(page)
    os.kill(house.process.pid, signal.SIGCONT)
    expect(silence(page)).to_be_hidden()
    grows(page)
    kill(house)
    expect(silence(page)).to_be_visible()
    no_false_state(page)
    house.start()
    expect(silence(page)).to_be_hidden()
    grows(page)
    no_false_state(page)
    has_no_gap(page, house, run)
    context.close()


def test_pause_kill_resume(browser: Browser, busy: tuple[House, str]) -> None:
    """Paused; the server killed and started: still paused; resumed: it goes on from where it was."""
    house, run = busy
    context = signed_in(browser, house)
    page = open_page(context, house.address, f"/runs/{run}")
    page.get_by_role("button", name="Pause").click()
    expect(badge(page)).to_have_text("paused")
    kill(house)
    expect(silence(page)).to_be_visible()
    expect(badge(page)).to_have_text("paused")
    house.start()
    expect(silence(page)).to_be_hidden()
    expect(badge(page)).to_have_text("paused")
    page.get_by_role("button", name="Resume").click()
    until(lambda: status(house, run) == "running")
    grows(page)
    no_false_state(page)
    has_no_gap(page, house, run)
    context.close()


def test_prove_that_it_resumes(browser: Browser, busy: tuple[House, str]) -> None:
    house, run = busy
    context = signed_in(browser, house)
    page = open_page(context, house.address, f"/runs/{run}")
    page.get_by_role("button", name="Kill its worker, and see").click()
    expect(page.get_by_text("Bit for bit the same")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("img", name=re.compile("Loss of attempt"))).to_be_visible()
    grows(page)
    has_no_gap(page, house, run)
    context.close()


def test_the_playground_answers_while_it_trains(browser: Browser, busy: tuple[House, str]) -> None:
    house, run = busy
    until(lambda: house.api.get("/api/models").json()["items"])
    context = signed_in(browser, house)
    page = open_page(context, house.address, f"/playground?ref={run}:latest&n=8")
    expect(page.get_by_text("live, still training")).to_be_visible()
    page.get_by_role("textbox", name="Prompt").fill("the")
    page.get_by_role("button", name="Let it write").click()
    expect(page.get_by_text(re.compile("by long, step [0-9,]+"))).to_be_visible()
    expect(page.get_by_role("button", name="Write again")).to_be_visible()
    assert status(house, run) == "running"
    page.goto(f"{house.address}/runs/{run}")
    expect(page.get_by_text("a model was writing beside the training")).to_be_visible()
    context.close()


def kill(house: House) -> None:
    """kill -9; the next `start` takes the same port."""
    house.options = ("--no-first-run", "--port", house.address.rpartition(":")[2])
    house.stop(signal.SIGKILL)


def curve(page: Page) -> Locator:
    return page.get_by_role("img", name=re.compile("Training loss goes from"))


def silence(page: Page) -> Locator:
    return page.get_by_text("The server does not answer")


def badge(page: Page) -> Locator:
    """The run's state, beside its name."""
    return page.get_by_role("heading", level=1).locator("xpath=../span[1]")


def step_of(page: Page) -> int:
    found = re.search(r"at step (\d+), in nats", curve(page).get_attribute("aria-label") or "")
    assert found, "the curve says no step"
    return int(found[1])


def grows(page: Page) -> None:
    """New points arrive."""
    before = step_of(page)
    until(lambda: step_of(page) > before)


def no_false_state(page: Page) -> None:
    expect(curve(page)).to_be_visible()
    expect(badge(page)).not_to_have_text(FALSE)


def has_no_gap(page: Page, house: House, run: str) -> None:
    """Every measured step is in the table twin of the curve, with a training loss; so is each of the newest steps."""
    every, measured = LONG["evaluate_every"], measured_steps(house, run)
    assert measured == list(range(every, measured[-1] + 1, every))
    page.get_by_role("button", name="Table").click()
    until(lambda: measured[-1] in shown_rows(page))  # the page knows what the server knew
    rows = read_table(page)
    assert set(measured) <= rows.keys()
    assert {step % every for step in rows} - {1} == {0}
    assert all(FIGURE.fullmatch(row[2]) for row in rows.values())
    page.get_by_role("button", name="Every step").click()
    rows = read_table(page, most_pages=3)
    assert sorted(rows) == list(range(min(rows), max(rows) + 1))
    assert all(FIGURE.fullmatch(row[2]) for row in rows.values())
    page.get_by_role("button", name="Hide the table").click()


def measured_steps(house: House, run: str) -> list[int]:
    nodes = house.api.get(f"/api/runs/{run}").json()["nodes"]
    (state,) = (node["state"] for node in nodes if node["stage"] == "train_model")
    return [one["step"] for one in state["evaluations"] if one["step"]]
