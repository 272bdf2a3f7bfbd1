"""What a run will take is told before it starts, and what it took stands beside it afterwards."""

import re
from math import log

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import open_page, signed_in
from tests.server.house import House


def figure(page: Page, label: str) -> str:
    """The figure under a label of the card."""
    found = page.locator("dt", has_text=re.compile(f"^{label}$")).locator(
        "xpath=following-sibling::dd[1]"
    )
    return found.inner_text()


def test_the_card_before_a_run(browser: Browser, trained: tuple[House, str]) -> None:
    """Parameters, work, memory and the first loss, and they follow what is typed."""
    house, _ = trained
    context = signed_in(browser, house)
    page = open_page(context, house.address, "/runs?new=first-model")
    card = page.get_by_role("region", name="Before it starts")
    expect(card).to_be_visible()
    assert figure(page, "parameters") == "1.31 M"
    assert figure(page, "first loss") == f"{log(2048):.3f}"
    for part in (
        "weights",
        "gradients",
        "optimizer",
        "activations",
        "saving",
        "the program itself",
    ):
        expect(card.get_by_text(part, exact=True)).to_be_visible()
    page.get_by_label("Vocabulary").fill("4096")
    expect(card.get_by_text(f"{log(4096):.3f}")).to_be_visible()
    context.close()


def test_what_does_not_fit_comes_with_the_nearest_that_does(
    browser: Browser, trained: tuple[House, str]
) -> None:
    house, _ = trained
    context = signed_in(browser, house)
    page = open_page(context, house.address, "/runs?new=first-model")
    page.get_by_label("Width").fill("16384")
    shortage = page.get_by_text(re.compile("It needs .* of memory, and .* can be used here"))
    expect(shortage).to_be_visible()
    shortage.locator("xpath=..").get_by_role("button", name=re.compile("Use ")).click()
    expect(shortage).to_be_hidden()
    expect(page.get_by_label("Width")).not_to_have_value("16384")  # what the form has stands in it
    expect(page.get_by_text("Changed so that it fits")).to_contain_text("accumulation")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Changed so that it fits")).to_be_hidden()
    context.close()


def test_what_was_expected_beside_what_it_was(browser: Browser, trained: tuple[House, str]) -> None:
    house, run = trained
    context = signed_in(browser, house)
    page = open_page(context, house.address, f"/runs/{run}")
    table = page.get_by_role("region", name="Expected and measured").get_by_role("table")
    row = table.get_by_role("row").filter(has_text="first loss")
    expect(row).to_be_visible()
    expected, measured, off = row.get_by_role("cell").all_inner_texts()
    assert float(expected) > 0
    assert abs(float(expected) - float(measured)) < 0.2
    assert off.endswith("%")
    context.close()
