"""The page of a run of which very much was recorded: it holds no more than a person can see, and leads to all of it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from glassworks.storage.runs import AttemptFolder
from glassworks.storage.store import Store
from tests.browser.conftest import open_page, own, signed_in
from tests.browser.tables import pages, read_table, shown_rows
from tests.server.house import House

LAST, EVERY, PAGE = 20_000, 25, 50
MOST_NODES = 3000
"""Of the whole page with its tables open. Before, a long run's page held some for each thing that was recorded."""


@pytest.fixture
def long_run(trained: tuple[House, str], tmp_path: Path) -> Iterator[tuple[House, str]]:
    """A server on a copy of the home in which the finished run went on to step `LAST`."""
    house, run = trained
    home = tmp_path / "copy"
    shutil.copytree(house.home, home, symlinks=True, ignore=shutil.ignore_patterns("server.*"))
    store = Store(home / "store")
    training = store.runs.get(store.runs.get(run).state().nodes["train"].run)
    go_on(training.attempts()[-1])
    yield from own(House(home), run)


def go_on(attempt: AttemptFolder) -> None:
    """Write what a training writes, up to step `LAST`: a row a step, and all else every `EVERY` steps."""
    rows, events = attempt.metrics.read(), attempt.events.read()
    first = rows[-1]["step"] + 1
    attempt.metrics.append(
        *({**rows[-1], "step": step, "loss": loss(step)} for step in range(first, LAST + 1))
    )
    like = {event["type"]: event for event in events}
    for step in range(EVERY, LAST + 1, EVERY):
        attempt.events.append(*recorded(like, step))


def recorded(like: dict[str, Any], step: int) -> list[dict[str, Any]]:
    """The events of one step, in the form of those that a training wrote."""
    types = ("evaluation.recorded", "layers.measured", "sample.drawn", "prompt.tracked", "checkpoint.saved")  # fmt: skip
    progress = [{**like["run.progress"], "done": step - back, "total": LAST} for back in (3, 2, 1)]
    return [*progress, *({**like[type_], "step": step} for type_ in types)]


def loss(step: int) -> float:
    """Another one than at the steps around."""
    return 9 - (step % 700) / 100


def test_the_page_stays_small_and_leads_to_everything(
    browser: Browser, long_run: tuple[House, str]
) -> None:
    house, run = long_run
    context = signed_in(browser, house)
    page = open_page(context, house.address, f"/runs/{run}")
    expect(page.get_by_role("img", name=re.compile(f"at step {LAST}, in nats"))).to_be_visible()
    page.get_by_role("button", name="Table").click()
    measured = [*range(LAST, 0, -EVERY), 8, 4, 1]
    assert list(shown_rows(page)) == measured[:PAGE]
    assert list(read_table(page)) == measured
    every_step_is_told(page)
    layers_are_told(page)
    checkpoints_and_events_are_told(page)
    assert page.evaluate("document.querySelectorAll('*').length") < MOST_NODES
    context.close()


def every_step_is_told(page: Page) -> None:
    """The first, the last, and one that the curve shows within a stretch; each with its own loss."""
    page.get_by_role("button", name="Every step").click()
    page_of(page, "Newest").click()
    for step in (LAST, 7_001):
        rows = shown_rows(page)
        assert list(rows) == list(range(step, step - PAGE, -1))
        assert all(row[2] == f"{loss(step):.2f}" for step, row in rows.items())
        page.get_by_role("spinbutton", name="up to step").fill("7001")
        page.get_by_role("button", name="Go").click()
    page_of(page, "Oldest").click()
    rows = shown_rows(page)
    assert list(rows) == list(range(PAGE, 0, -1))
    assert rows[PAGE][2] == f"{loss(PAGE):.2f}"


def layers_are_told(page: Page) -> None:
    """Of hundreds of columns each is a place for the keyboard, the first and the last too."""
    heat = page.get_by_role("img", name=re.compile("of each layer over the steps"))
    told = page.locator("p[aria-live]", has_text="layer 1, step")
    heat.focus()
    expect(told).to_contain_text(f"step {LAST:,}:")
    heat.press("ArrowLeft")
    expect(told).to_contain_text(f"step {LAST - EVERY:,}:")
    heat.press("Home")
    heat.press("ArrowRight")
    expect(told).to_contain_text(re.compile(r"step \d+:"))
    section = page.get_by_role("region", name="Layers over time")
    section.get_by_text("The same as a table").click()
    expect(section.locator("tbody tr")).to_have_count(40)


def checkpoints_and_events_are_told(page: Page) -> None:
    saved = page.get_by_role("region", name="Checkpoints")
    expect(saved.get_by_role("link", name=f"Talk to step {LAST}")).to_be_visible()
    saved.get_by_role("button", name="Oldest").click()
    expect(saved.get_by_role("link", name="Talk to step 4", exact=True)).to_be_visible()
    events = page.get_by_role("list", name="Events").get_by_role("listitem")
    expect(events).to_have_count(60)
    page.get_by_role("button", name="Older events").click()
    expect(events).to_have_count(120)


def page_of(page: Page, name: str) -> Locator:
    return pages(page).get_by_role("button", name=name)
