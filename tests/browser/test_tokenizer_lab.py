"""The tokenizer lab in a real browser on a real tokenizer: a text as tokens, its merges by keyboard, others beside it, the
vocabulary, sizes, a conversation, a new tokenizer from start to use; and what it says when something is missing or goes wrong.
"""

import json
import re
import shutil
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import open_page, order, own, signed_in, status, violations
from tests.conftest import make_home, tiny_document, tiny_text
from tests.processes import until
from tests.server.house import House

PAGE = "/tokenizer?with=known:bytes"
"""Others that are known may be on the machine, and large ones take seconds to open."""
TEXT = "the crown of a king, größer"
VOCAB_SIZE = 295
"""All that the tiny text has to give: whole words, such as `the` and ` crown`."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server with a dataset `words` and a tokenizer `words` learned from it; for tests that only look."""
    folder = tmp_path_factory.mktemp("lab")
    text = folder / "words.txt"
    text.write_text(tiny_text(), encoding="utf-8")
    with House(make_home(folder / "home")) as house:
        for node, inputs in {"data": {}, "tokenizer": {"dataset": "dataset/words"}}.items():
            run = order(house, _one_stage(text, node, inputs))
            until(partial(_is_done, house, run), limit_s=60)
        yield house


def _is_done(house: House, run: str) -> bool:
    return status(house, run) == "done"


def _one_stage(text: Path, node: str, inputs: dict[str, str]) -> dict[str, Any]:
    recipe = tiny_document("words", text, {})
    stage = {**recipe["nodes"][node], "inputs": inputs}
    if node == "tokenizer":
        stage["config"] = {"trainer": {"kind": "byte_bpe", "vocab_size": VOCAB_SIZE}}
    output = {"data": "data.dataset", "tokenizer": "tokenizer.tokenizer"}[node]
    return {**recipe, "nodes": {node: stage}, "output": output, "settings": {}}


@pytest.fixture
def spare(lab: House, tmp_path: Path) -> Iterator[House]:
    """A server of the test's own on a copy of that home: it may be changed and killed."""
    home = tmp_path / "copy"
    shutil.copytree(lab.home, home, symlinks=True, ignore=shutil.ignore_patterns("server.*"))
    for house, _ in own(House(home), ""):
        yield house


def tokens(page: Page) -> Locator:
    return page.get_by_role("group", name="Tokens").get_by_role("button")


def shown(page: Page) -> str:
    """The tokens as they are drawn, without what stands below them."""
    drawn: str = page.get_by_role("group", name="Tokens").evaluate(
        "box => [...box.querySelectorAll('.tok')].map(one => one.textContent).join('|')"
    )
    return drawn


def typed(page: Page, text: str) -> None:
    page.get_by_label("Text to cut into tokens").fill(text)
    expect(page).to_have_url(re.compile(r"text="))


def test_a_text_becomes_tokens_and_a_link_is_a_copy(browser: Browser, lab: House) -> None:
    context = signed_in(browser, lab)
    page = open_page(context, lab.address, PAGE)
    typed(page, TEXT)
    expect(tokens(page).first).to_have_text(re.compile("the"))
    expect(page.get_by_role("group", name="Tokens").locator(".tok.byte")).to_have_count(4)
    page.get_by_role("button", name="Bytes", exact=True).click()
    expect(tokens(page).first).to_have_text(re.compile("74 68 65"))
    page.get_by_role("slider", name="Merges used").focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("No merge of the list has touched this text yet.")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"m=\d+"))
    before = shown(page)
    other = open_page(context, page.url, "")
    expect(tokens(other).first).to_be_visible()
    assert shown(other) == before
    expect(other.get_by_label("Text to cut into tokens")).to_have_value(TEXT)
    context.close()


def test_the_film_of_the_merges_runs_both_ways(browser: Browser, lab: House) -> None:
    """Every key of the slider, the buttons, the table and playing come to the same frames."""
    context = signed_in(browser, lab)
    page = open_page(context, lab.address, f"{PAGE}&text=the+the")
    expect(tokens(page).first).to_be_visible()
    whole, number = shown(page), tokens(page).count()
    slider = page.get_by_role("slider", name="Merges used")
    slider.press("Home")
    expect(tokens(page)).to_have_count(len("the the"))
    expect(page.get_by_role("button", name="−1")).to_be_disabled()
    slider.press("ArrowRight")
    one = shown(page)
    expect(page.get_by_text("The last merge that touched this text is number")).to_be_visible()
    slider.press("ArrowRight")
    assert shown(page) != one
    page.get_by_role("button", name="−1").click()
    assert shown(page) == one
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(tokens(page)).to_have_count(number)
    assert shown(page) == whole
    page.get_by_text(re.compile(r"All \d+ merges of this text")).click()
    first = page.get_by_role("region", name="Merges of this text").get_by_role("row").nth(1)
    first.get_by_role("button").click()
    assert shown(page) == one
    context.close()


def test_token_id_and_bytes_light_up_together(browser: Browser, lab: House) -> None:
    context = signed_in(browser, lab)
    page = open_page(context, lab.address, f"{PAGE}&text=the+crown")
    page.get_by_text("As ids and as bytes").click()
    tokens(page).nth(1).hover()
    expect(page.locator("[data-hot]")).to_have_count(3)
    tokens(page).first.focus()
    page.keyboard.press("ArrowRight")
    expect(tokens(page).nth(1)).to_be_focused()
    expect(tokens(page).nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-hot][data-token='3']")).to_have_count(3)
    about = page.get_by_role("complementary", name="This token")
    expect(about.get_by_role("img", name="merges:")).to_be_visible()
    context.close()


def test_tokenizers_stand_side_by_side(browser: Browser, lab: House) -> None:
    context = signed_in(browser, lab)
    page = open_page(context, lab.address, f"{PAGE}&text=the+crown")
    card = page.get_by_role("article", name="Bytes", exact=True)
    expect(card.get_by_role("definition").first).to_have_text("9")
    chart = page.get_by_role("img", name="Bytes per token on Shakespeare")
    expect(chart).to_be_visible()
    page.get_by_text("The same as a table").click()
    table = page.get_by_role("region", name="Bytes per token by kind of text")
    expect(table.get_by_role("row", name="Japanese Bytes")).to_contain_text("1.00")
    page.get_by_role("button", name="Yours by kind").click()
    expect(table.get_by_role("row", name="prose Bytes")).to_contain_text("too few texts")
    page.get_by_role("button", name="Remove Bytes").click()
    expect(card).to_have_count(0)
    expect(page).to_have_url(re.compile(r"with=(&|%22%22|$)"))
    page.get_by_label("Add a tokenizer to compare with").select_option("known:bytes")
    expect(card).to_be_visible()
    context.close()


def test_the_vocabulary_can_be_searched_and_ordered(browser: Browser, lab: House) -> None:
    context = signed_in(browser, lab)
    page = open_page(context, lab.address, f"{PAGE}&tab=vocabulary")
    rows = page.get_by_role("region", name="Tokens").get_by_role("row")
    expect(page.get_by_text(re.compile("^100 of "))).to_be_visible()
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_text(re.compile("^200 of "))).to_be_visible()
    page.get_by_label("Only tokens with this text").fill("crown")
    expect(page).to_have_url(re.compile("q=crown"))
    expect(rows.nth(1)).to_contain_text("crown")
    page.get_by_label("Order").select_option("most_used")
    expect(page.get_by_text(re.compile("counted in the first .* of words"))).to_be_visible()
    page.get_by_label("Only tokens with this text").fill("nowhere")
    expect(page.get_by_text("No token has “nowhere” in it.")).to_be_visible()
    context.close()


def test_sizes_and_a_conversation(browser: Browser, lab: House) -> None:
    context = signed_in(browser, lab)
    page = open_page(context, lab.address, f"{PAGE}&tab=size")
    costs = page.get_by_role("img", name="What it costs")
    expect(costs).to_be_visible()
    before = costs.get_attribute("aria-label")
    page.get_by_label("Width of the model").fill("64")
    expect(costs).not_to_have_attribute("aria-label", before or "")
    page.get_by_role("button", name="Special tokens").click()
    text = page.get_by_role("region", name="The conversation as tokens")
    expect(text.locator(".masked").first).to_be_visible()
    expect(text.locator(".special").first).to_have_text("<|system|>")
    answer = text.locator("[title$=', trained on']")
    expect(answer.last).to_have_text("<|end|>")
    page.get_by_label("Words of turn 3").fill("By heat.")
    expect(answer.first).to_contain_text("B")
    template = page.get_by_role("textbox", name="Chat template")
    template.fill("{% for message in messages %}")
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible()
    expect(template).to_have_value("{% for message in messages %}")
    page.get_by_role("button", name="Set back").click()
    expect(alert).to_have_count(0)
    context.close()


def test_a_new_tokenizer_from_the_order_to_its_use(browser: Browser, spare: House) -> None:
    """Learned from a dataset, looked at, given special tokens, saved, and taken along as a file."""
    context = signed_in(browser, spare)
    page = open_page(context, spare.address, PAGE)
    page.get_by_role("button", name="Train a new one").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("No Name")
    expect(dialog.get_by_role("button", name="Train it")).to_be_disabled()
    dialog.get_by_label("Name").fill("words-280")
    dialog.get_by_label("Tokens in the vocabulary").fill("280")
    dialog.get_by_role("button", name="Train it").click()
    made = page.get_by_role("region", name="The new tokenizer")
    expect(made.get_by_role("link", name="Open the run")).to_be_visible()
    expect(made.get_by_role("img", name="Bytes per token go from")).to_be_visible(timeout=90_000)
    made.get_by_role("button", name="Look at it here").click()
    expect(page.get_by_text("280 ids · 23 merges")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export tokenizer.json").click()
    file = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert len(file["model"]["vocab"]) == 280
    page.get_by_role("button", name="Special tokens").click()
    expect(page.get_by_text("a model learns to write")).to_be_visible()
    page.get_by_label("Name of the new tokenizer").fill("words-chat")
    page.get_by_role("button", name="Save as a new tokenizer").click()
    made.get_by_role("button", name="Look at it here").click(timeout=90_000)
    expect(page.get_by_text("283 ids · 23 merges")).to_be_visible()
    context.close()


def test_what_goes_wrong_is_said_in_place(browser: Browser, spare: House) -> None:
    context = signed_in(browser, spare, "narrow", "dark")
    page = open_page(context, spare.address, PAGE + "&ref=nobody")
    expect(page.get_by_role("alert")).to_contain_text("nobody")
    page.goto(f"{spare.address}{PAGE}&text=")
    expect(page.get_by_text("An empty text has no tokens.")).to_be_visible()
    typed(page, "the crown " * 510)
    expect(page.get_by_text("Merges are shown for the first 5,000 of 5,100")).to_be_visible()
    expect(tokens(page).first).to_be_visible()
    spare.stop(signal.SIGKILL)
    typed(page, "typed without a server")
    expect(page.get_by_role("alert").first).to_contain_text("The server does not answer")
    expect(page.get_by_label("Text to cut into tokens")).to_have_value("typed without a server")
    assert violations(page) == []
    context.close()


def test_a_long_text_stays_when_another_tokenizer_is_chosen(browser: Browser, lab: House) -> None:
    """The link keeps a part of it; the page keeps all."""
    context = signed_in(browser, lab)
    page = open_page(context, lab.address, f"{PAGE}&under=none")
    typed(page, "the crown\n" * 240)
    page.get_by_label("Tokenizer", exact=True).select_option("known:bytes")
    expect(page.get_by_text("This tokenizer has no list of merges")).to_be_visible()
    expect(page.get_by_label("Text to cut into tokens")).to_have_value("the crown\n" * 240)
    expect(page.get_by_text("The link to this page keeps the first 2,000 of 2,400")).to_be_visible()
    context.close()
