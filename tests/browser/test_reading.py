"""From a point of the curve to what was read there, from a sample to what of it is copied, from a checkpoint to a name of its own."""

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import document, order, own, signed_in, status, violations
from tests.conftest import make_home
from tests.processes import until
from tests.server.house import House

LIMIT_S = 240


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """A server with a finished training of 40 steps."""
    folder = tmp_path_factory.mktemp("learned")
    for house, _ in own(House(make_home(folder / "home")), ""):
        run = order(house, document(folder, steps=40, checkpoint_every=10), name="read")
        until(partial(is_done, house, run), LIMIT_S)
        yield house, run


def is_done(house: House, run: str) -> bool:
    return status(house, run) == "done"


def test_a_click_on_the_curve_shows_what_was_read(
    browser: Browser, learned: tuple[House, str]
) -> None:
    """Arrow keys go on, a surprising token is shown in its row, a document leads to its dataset, Escape closes."""
    house, run = learned
    context = signed_in(browser, house)
    page = context.new_page()
    page.goto(f"{house.address}/runs/{run}")
    curve = page.locator(".u-over").first
    expect(curve).to_be_visible()
    box = curve.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 40)
    page.wait_for_url("**read=*")
    step = int(page.url.rpartition("=")[2])
    assert 15 <= step <= 25
    panel = page.get_by_role("region", name="What it read at step")
    expect(panel.get_by_text("Most surprising tokens")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(panel.get_by_role("heading", name=f"What it read at step {step + 1}")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowRight")
    expect(panel.get_by_text(f"at step {step + 10}").first).to_be_visible()
    expect(panel.locator("[aria-busy=true]")).to_have_count(0)  # the batch, not its title alone
    panel.get_by_role("list").first.get_by_role("button").first.click()
    expect(panel.locator("[class*=marked]")).to_have_count(1)
    assert violations(page) == []
    panel.get_by_text("These rows as a table").click()
    expect(panel.get_by_role("row")).to_have_count(1 + 4 * 17)
    panel.locator("section a").first.click()
    expect(page.get_by_role("heading", name="Documents")).to_be_visible()
    page.go_back()
    expect(panel.get_by_text("Most surprising tokens")).to_be_visible()
    panel.focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert "read=" not in page.url
    context.close()


def test_a_link_to_a_step_that_is_not_there(browser: Browser, learned: tuple[House, str]) -> None:
    house, run = learned
    context = signed_in(browser, house)
    page = context.new_page()
    page.goto(f"{house.address}/runs/{run}?read=4000")
    expect(page.get_by_text("has the steps 1 to 40")).to_be_visible()
    context.close()


def test_copies_in_a_sample(browser: Browser, learned: tuple[House, str]) -> None:
    """The text is sorted once somebody asks, then each sample is looked up; a stretch says where it stands."""
    house, run = learned
    context = signed_in(browser, house)
    page = context.new_page()
    page.goto(f"{house.address}/runs/{run}")
    page.get_by_role("button", name="Look for copies").click()
    expect(answer(page)).to_be_visible(timeout=LIMIT_S * 1000)
    page.get_by_role("spinbutton", name="from characters").fill("2")
    copied = page.get_by_role("button", name="copied: ")
    expect(copied.first).to_be_visible()
    copied.first.focus()
    expect(
        page.get_by_role("region", name="Where it stands").get_by_role("link").first
    ).to_be_visible()
    assert violations(page) == []
    page.reload()
    expect(copied.first).to_be_visible()
    context.close()


def answer(page: Page) -> Locator:
    return page.get_by_text("compared as they are")


def test_a_checkpoint_is_verified_kept_and_let_go(
    browser: Browser, learned: tuple[House, str]
) -> None:
    """And one whose bytes have changed says so; the others stay what they are."""
    house, run = learned
    rows = house.api.get(f"/api/runs/{run}/checkpoints").json()["items"]
    assert [row["step"] for row in rows] == [10, 20, 30, 40]
    context = signed_in(browser, house)
    page = context.new_page()
    page.goto(f"{house.address}/runs/{run}")
    saved = page.get_by_role("region", name="Checkpoints")
    expect(saved.locator("tbody .badge.done")).to_have_count(4)
    saved.get_by_role("button", name="Keep step 20").press("Enter")
    expect(saved.get_by_role("row").filter(has_text="kept")).to_contain_text("20")
    assert house.api.get("/api/items/model/read-20").json()["artifact"] == rows[1]["artifact"]
    assert violations(page) == []
    saved.get_by_role("button", name="Let go step 20").click()
    expect(saved.get_by_role("button", name="Keep step 20")).to_be_visible()
    assert house.api.get("/api/items/model/read-20").status_code == 404
    artifact = rows[0]["artifact"]
    weights = house.home / "store/artifacts" / artifact[:2] / artifact / "model.safetensors"
    content = weights.read_bytes()
    weights.chmod(0o644)
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    page.reload()
    expect(saved.get_by_role("row").filter(has_text="damaged")).to_contain_text("10")
    expect(saved.locator("tbody .badge.done")).to_have_count(3)
    weights.write_bytes(content)
    context.close()
