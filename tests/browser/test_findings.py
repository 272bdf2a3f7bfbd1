"""A run with a fault: the finding stands on its page with cause and numbers, and its button runs it with the change."""

import re
from functools import partial

from playwright.sync_api import Browser, expect

from tests.browser.conftest import document, open_page, order, signed_in, status, violations
from tests.processes import until
from tests.server.house import House

RATE = 2.0
USUAL = 0.003


def test_a_finding_is_repaired_by_its_button(browser: Browser, fresh: House) -> None:
    optimizer = {"kind": "adamw", "learning_rate": RATE}
    recipe = document(fresh.home.parent, steps=16, optimizer=optimizer)
    run = order(fresh, recipe, name="thrown")
    until(partial(is_done, fresh, run), limit_s=120)
    page = open_page(signed_in(browser, fresh), fresh.address, f"/runs/{run}")

    finding = page.locator("section.finding", has_text="Learning rate high")
    expect(finding).to_contain_text("far too high")
    finding.get_by_text("numbers to check it by").click()
    expect(finding.get_by_text("First loss")).to_be_visible()
    assert violations(page) == []
    guide = finding.get_by_role("link", name="What is this?").get_attribute("href")
    assert guide == "/docs/guides/troubleshooting-training#learning-rate-high"

    finding.get_by_role("button", name=re.compile("^Clone with")).click()
    dialog = page.get_by_role("dialog")
    change = dialog.get_by_role("list", name="What changes").get_by_role("listitem")
    expect(change).to_have_count(1)
    expect(change).to_contain_text(f"{RATE:g}")
    expect(change).to_contain_text(f"{USUAL}")
    dialog.get_by_role("button", name="Start with 1 changed").click()
    page.wait_for_url(lambda address: "/runs/" in address and run not in address)
    repaired = page.url.rsplit("/", 1)[-1]
    until(partial(is_done, fresh, repaired), limit_s=120)
    detail = fresh.api.get(f"/api/runs/{repaired}").json()
    train = next(node for node in detail["nodes"] if node["name"] == "train")
    assert train["config"]["optimizer"]["learning_rate"] == USUAL
    page.close()


def is_done(house: House, run: str) -> bool:
    return status(house, run) == "done"
