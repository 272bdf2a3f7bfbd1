"""What people do, from the first visit to words of their own model, by mouse and by keyboard, with what goes wrong on the way."""

import os
import re
import signal
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import document, open_page, order, signed_in, status
from tests.processes import until
from tests.server.house import House

NEVER = re.compile("failed", re.I)


def test_first_visit_to_first_token(browser: Browser, fresh: House, tmp_path: Path) -> None:
    """Somebody new: the recorded run plays, their own begins, one question, and then their own model writes."""
    context = signed_in(browser, fresh)
    page = open_page(context, fresh.address, "/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("about to begin")
    expect(page.get_by_text("recorded: an earlier run of ours")).to_be_visible()
    run = order(fresh, document(tmp_path), name="first")
    until(lambda: status(fresh, run) == "done", limit_s=120)
    expect(page.get_by_role("heading", level=1)).to_contain_text("learned to write")
    page.keyboard.press("1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("All work is done")
    page.get_by_role("link", name="Playground").first.click()
    page.get_by_role("textbox", name="Prompt").fill("To be")
    page.get_by_role("button", name="Let it write").click()
    tokens = page.get_by_role("region", name="Answer").locator("p [role=button]")
    expect(tokens.nth(3)).to_be_visible()
    expect(page.get_by_text("mean surprise")).to_be_visible()
    context.close()


def test_a_token_opens_into_what_it_could_have_been(
    browser: Browser, trained: tuple[House, str]
) -> None:
    house, run = trained
    context = signed_in(browser, house)
    page = open_page(context, house.address, f"/playground?ref={run}:latest&prompt=ab&n=12")
    page.get_by_role("button", name="Let it write").click()
    expect(page.get_by_role("button", name="Write again")).to_be_visible()
    page.get_by_role("region", name="Answer").locator("p [role=button]").nth(2).click()
    expect(page.get_by_role("heading", name="How token 3 was drawn")).to_be_visible()
    page.get_by_role("radiogroup", name="Alternatives").get_by_role(
        "radio", checked=False
    ).first.check()
    page.get_by_role("button", name=re.compile("Branch here with")).click()
    expect(page.get_by_text("Branches")).to_be_visible()
    page.get_by_label("Temperature").press("Home")
    expect(page.get_by_text("1 stays in the draw")).to_be_visible()
    context.close()


def test_own_text_arrives_though_the_connection_is_cut_twice(
    browser: Browser, fresh: House, tmp_path: Path
) -> None:
    context = signed_in(browser, fresh)
    page = open_page(context, fresh.address, "/")
    cuts = [0]

    def cut(route: Route) -> None:
        if route.request.method == "PUT" and cuts[0] < 2:
            cuts[0] += 1
            route.abort()
        else:
            route.continue_()

    page.route("**/api/uploads/*", cut)
    own = tmp_path / "My Letters.txt"
    own.write_text(
        "\n\n".join(f"Dear {n}, the glass is warm today and cool tomorrow." for n in range(900))
    )
    page.get_by_role("button", name="Use my own text").click()
    page.get_by_label("Text file").set_input_files(own)
    expect(page.get_by_label("Name of the model")).to_have_value("my-letters")
    page.get_by_role("button", name="Train on this text").click()
    page.wait_for_url("**/runs/r*")
    expect(page.get_by_role("heading", name="my-letters", level=1)).to_be_visible()
    assert cuts == [2]
    context.close()


def test_the_run_page_survives_a_frozen_and_a_killed_server(
    browser: Browser, fresh: House, tmp_path: Path
) -> None:
    """Reload, freeze, kill -9, restart: never a false state, and the curve is whole at the end."""
    run = order(
        fresh,
        document(tmp_path, steps=6000, checkpoint_every=200, evaluate_every=100, sample_every=500),
        name="long",
    )
    context = signed_in(browser, fresh)
    page = open_page(context, fresh.address, f"/runs/{run}")
    expect(page.get_by_role("heading", name="long", level=1)).to_be_visible()
    curve = page.get_by_role("img", name=re.compile("Training loss goes from"))
    expect(curve).to_be_visible(timeout=60_000)
    page.reload()
    expect(curve).to_be_visible()
    os.kill(fresh.process.pid, signal.SIGSTOP)
    time.sleep(1)
    expect(curve).to_be_visible()
    os.kill(fresh.process.pid, signal.SIGCONT)
    address = fresh.address
    fresh.stop(signal.SIGKILL)
    expect(page.get_by_text("The server does not answer")).to_be_visible()
    expect(curve).to_be_visible()
    no_false_state(page)
    fresh.options = ("--no-first-run", "--port", address.rpartition(":")[2])
    fresh.start()
    expect(page.get_by_text("The server does not answer")).to_be_hidden()
    no_false_state(page)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("paused").first).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    until(lambda: status(fresh, run) in ("running", "done"))
    no_false_state(page)
    context.close()


def test_by_keyboard_alone(browser: Browser, trained: tuple[House, str]) -> None:
    house, run = trained
    context = signed_in(browser, house)
    page = open_page(context, house.address, "/")
    page.get_by_role("heading", level=1).wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the page")).to_be_focused()
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
    page.get_by_role("textbox", name="Prompt").focus()
    page.keyboard.type("ab")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Write again")).to_be_visible()
    context.close()


def open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or command")).to_be_focused()


def no_false_state(page: Page) -> None:
    expect(page.get_by_role("heading", level=1).locator("xpath=../span[1]")).not_to_have_text(NEVER)
