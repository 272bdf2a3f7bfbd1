"""What people do, from the first visit to words of their own model, by mouse and by keyboard."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import open_page, signed_in, status
from tests.browser.wire import Wire
from tests.processes import until
from tests.server.house import House

HAS_RING = """one => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
}"""
MINUTES = 120_000


def test_first_visit_to_first_token(browser: Browser, fresh: House) -> None:
    """Somebody new follows the link, starts a small model of their own, answers one question, and reads its words."""
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(30_000)
    page = open_page(context, fresh.address, f"/sign-in#{fresh.new_key()}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("empty, and ready")
    page.get_by_role("link", name="Start a run").click()
    page.get_by_label("Steps").fill("20")
    page.get_by_label("Width").fill("16")
    page.get_by_label("Vocab").fill("300")
    page.get_by_role("button", name="Start with 3 changed").click()
    page.wait_for_url("**/runs/r*")
    run = page.url
    expect(page.get_by_role("heading", name="first-model", level=1)).to_be_visible()
    page.get_by_role("link", name="Home").first.click()
    expect(page.get_by_text("recorded run")).to_be_visible()
    expect(page.get_by_role("link", name="Talk to it")).to_be_hidden()
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text("learned to write", timeout=MINUTES)
    page.keyboard.press("1")
    expect(title).to_contain_text("All work is done")
    page.get_by_role("link", name="Talk to it").first.click()
    page.get_by_role("textbox", name="Prompt").fill("To be")
    page.get_by_role("button", name="Let it write").click()
    expect(tokens(page).nth(3)).to_be_visible()
    expect(page.get_by_text("mean surprise")).to_be_visible()
    page.goto(run)
    measured = page.get_by_role("region", name="On text that it never read")
    expect(measured).to_contain_text("the best yardstick")
    expect(measured).to_contain_text("uniform guess")
    context.close()


def test_a_token_opens_into_what_it_could_have_been(
    browser: Browser, trained: tuple[House, str]
) -> None:
    house, run = trained
    context = signed_in(browser, house)
    page = open_page(context, house.address, f"/playground?ref={run}:latest&prompt=ab&n=12")
    page.get_by_role("button", name="Let it write").click()
    expect(page.get_by_role("button", name="Write again")).to_be_visible()
    tokens(page).nth(2).click()
    expect(page.get_by_role("heading", name="How token 3 was drawn")).to_be_visible()
    alternatives = page.get_by_role("radiogroup", name="Alternatives")
    alternatives.get_by_role("radio", checked=False).first.check()
    page.get_by_role("button", name=re.compile("Branch here with")).click()
    expect(page.get_by_text("Branches")).to_be_visible()
    page.get_by_label("Temperature").press("Home")
    expect(page.get_by_text("1 stays in the draw")).to_be_visible()
    context.close()


def test_own_text_arrives_though_the_connection_is_cut_twice(
    browser: Browser, fresh: House, tmp_path: Path
) -> None:
    """It goes on from what had arrived, and the run reads the very same text."""
    lines = (f"Dear {n}, the glass is warm today and cool tomorrow." for n in range(9000))
    own = tmp_path / "My Letters.txt"
    own.write_text("\n\n".join(lines), encoding="utf-8")
    context = signed_in(browser, fresh)
    with Wire(fresh.address) as wire:
        page = open_page(context, wire.address, "/")
        begun: list[int] = []
        page.on("request", lambda ask: begun.append(int(ask.headers.get("upload-offset", -1))))
        wire.cut("PUT /api/uploads", 200_000)
        wire.cut("PUT /api/uploads", 100_000)
        page.get_by_role("button", name="Use my own text").first.click()
        page.get_by_label("Text file").set_input_files(own)
        expect(page.get_by_label("Name of the model")).to_have_value("my-letters")
        page.get_by_role("button", name="Train on this text").click()
        page.wait_for_url("**/runs/r*")
        expect(page.get_by_role("heading", name="my-letters", level=1)).to_be_visible()
    offsets = [offset for offset in begun if offset >= 0]
    assert wire.num_cuts_left == 0
    assert offsets[0] == 0
    again = offsets[
        1:
    ]  # may be none: Chromium itself sends a request anew over a line that was open before
    assert all(again), f"a cut upload goes on from what had arrived, not from the start: {offsets}"
    run = fresh.api.get(f"/api/runs/{page.url.rpartition('/')[2]}").json()
    data = next(node for node in run["nodes"] if node["stage"] == "import_dataset")
    assert Path(data["config"]["source"]["path"]).read_bytes() == own.read_bytes()
    context.close()


def test_the_main_job_by_keyboard_alone(browser: Browser, copied: tuple[House, str]) -> None:
    """Start a run and stop it, let the model write, open a token, branch: Tab, arrows, Enter, and a ring that is seen."""
    house, _ = copied
    context = signed_in(browser, house)
    page = open_page(context, house.address, "/")
    page.get_by_role("heading", name="has learned to write").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the page")).to_be_focused()
    press(page, page.get_by_role("link", name="Runs").first)
    press(page, page.get_by_role("button", name="New run"))
    tab_to(page, page.get_by_label("Steps"))
    page.keyboard.type("21")
    press(page, page.get_by_role("button", name="Start with 1 changed"))
    page.wait_for_url("**/runs/r*")
    press(page, page.get_by_role("button", name="More actions"))
    stop = page.get_by_role("menuitem", name="Stop at once")
    while not stop.evaluate("one => one === document.activeElement"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("paused").first).to_be_visible()
    press(page, page.get_by_role("link", name="Playground").first)
    tab_to(page, page.get_by_role("textbox", name="Prompt"))
    page.keyboard.type("ab")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Write again")).to_be_visible()
    tab_to(page, tokens(page).first)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="How token 2 was drawn")).to_be_visible()
    alternatives = page.get_by_role("radiogroup", name="Alternatives")
    tab_to(page, alternatives.get_by_role("radio", checked=True))  # what was drawn
    page.keyboard.press("ArrowUp")
    press(page, page.get_by_role("button", name=re.compile("Branch here with")))
    expect(page.get_by_text("Branches")).to_be_visible()
    context.close()


def test_the_palette_finds_runs_and_pages(browser: Browser, trained: tuple[House, str]) -> None:
    house, run = trained
    context = signed_in(browser, house)
    page = open_page(context, house.address, "/")
    page.get_by_role("heading", level=1).wait_for()
    open_palette(page)
    page.keyboard.type("tiny")
    expect(page.get_by_role("option", name=re.compile(run))).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/runs/**")
    open_palette(page)
    page.keyboard.type("playground")
    page.keyboard.press("Enter")
    page.wait_for_url("**/playground")
    context.close()


def test_a_clone_changes_any_setting_of_any_stage(
    browser: Browser, copied: tuple[House, str]
) -> None:
    """A setting is found by a word; another optimizer brings its own settings; the new run has both."""
    house, run = copied
    context = signed_in(browser, house)
    page = open_page(context, house.address, f"/runs/{run}")
    page.get_by_role("button", name="Clone with changes").click()
    page.get_by_role("searchbox", name="Find a setting").fill("optimizer")
    page.get_by_label("Optimizer, kind").select_option("adamw")
    page.get_by_label("Optimizer, learning rate").fill("0.001")
    page.get_by_role("button", name="Start with 2 changed").click()
    page.wait_for_url(lambda url: "/runs/r" in url and not url.endswith(run))
    clone = page.url.rpartition("/")[2]
    node = next(
        node
        for node in house.api.get(f"/api/runs/{clone}").json()["nodes"]
        if node["stage"] == "train_model"
    )
    optimizer = node["config"]["optimizer"]
    assert (optimizer["kind"], optimizer["learning_rate"]) == ("adamw", 0.001)
    until(lambda: status(house, clone) == "done", limit_s=120)
    context.close()


def test_an_old_tab_after_signing_in_anew_and_after_signing_out(
    browser: Browser, trained: tuple[House, str]
) -> None:
    """Another sign-in makes a tab's token old (403): it still works. Signing out is told in every tab (401)."""
    house, _ = trained
    context = signed_in(browser, house)
    old = open_page(context, house.address, "/settings")
    to_teach = old.get_by_role("button", name="To teach")
    to_teach.wait_for()
    new = open_page(context, house.address, f"/sign-in#{house.new_key()}")
    new.get_by_role("heading", name="has learned to write").wait_for()
    to_teach.click()
    expect(to_teach).to_have_attribute("aria-pressed", "true")
    house.api.patch("/api/me", json={"persona": None})
    new.goto(f"{house.address}/settings")
    new.get_by_role("button", name="Sign this browser out").click()
    for page in (new, old):
        expect(page.get_by_text("glassworks open")).to_be_visible(timeout=20_000)
    context.close()


def tokens(page: Page) -> Locator:
    return page.get_by_role("region", name="Answer").locator("p [role=button]")


def press(page: Page, wanted: Locator) -> None:
    """Go to a control by Tab, then Enter."""
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus; then it must be seen to have it."""
    wanted.wait_for()
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            assert wanted.evaluate(HAS_RING), f"no ring round {wanted}"
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def open_palette(page: Page) -> None:
    expect(page.get_by_role("navigation", name="Pages", exact=True)).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or command")).to_be_focused()
