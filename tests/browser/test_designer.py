"""The model designer in a real browser on a real server: settings, picture and costs from one document; what cannot be built and
the way out; side by side; kept with versions, read from a text, chosen by time; and on into a run.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import open_page, signed_in, violations
from tests.browser.wire import Wire
from tests.conftest import make_home
from tests.server.house import House

PAGE = "/models/design"
SMALL: dict[str, Any] = {
    "vocab_size": 512,
    "context": 64,
    "width": 64,
    "layers": 3,
    "attention": {"kind": "grouped", "heads": 4},
}
HUB = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "vocab_size": 49152,
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "max_position_embeddings": 2048,
    "rms_norm_eps": 1e-05,
    "rope_theta": 10000.0,
    "hidden_act": "silu",
    "tie_word_embeddings": True,
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server with an architecture `kept` in two versions."""
    with House(make_home(tmp_path_factory.mktemp("designer") / "home")) as house:
        for document, note in ((SMALL, ""), ({**SMALL, "layers": 4}, "one block more")):
            body = {"name": "kept", "document": document, "note": note}
            answer = house.api.post("/api/architectures", json=body)
            assert answer.status_code == 201, answer.text
        yield house


@pytest.fixture
def context(browser: Browser, house: House) -> Iterator[BrowserContext]:
    context = signed_in(browser, house)
    yield context
    context.close()


def designer(context: BrowserContext, house: House, query: str = "from=item:kept@2") -> Page:
    page = open_page(context, house.address, f"{PAGE}?{query}")
    expect(page.get_by_role("heading", name="What that builds")).to_be_visible()
    return page


def costs(page: Page) -> Locator:
    return page.get_by_role("complementary", name="What it costs")


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


def counted(house: House, document: dict[str, Any]) -> int:
    answer = house.api.post("/api/architectures/explain", json={"document": document})
    parameters: int = answer.json()["parameters"]
    return parameters


def test_settings_picture_and_costs_change_together_and_a_link_is_a_copy(
    house: House, context: BrowserContext
) -> None:
    page = designer(context, house)
    expect(page.get_by_text("each of 4 is built like this")).to_be_visible()
    field(page, "Blocks").fill("6")
    expect(page.get_by_text("each of 6 is built like this")).to_be_visible()
    expect(page.get_by_text("draft, 1 change since v2")).to_be_visible()
    thousands = counted(house, {**SMALL, "layers": 6}) / 1000
    expect(costs(page)).to_contain_text(f"{thousands:.0f}k")
    page.get_by_role("slider", name="Width, slider").press("ArrowRight")
    expect(page.get_by_text("draft, 2 changes since v2")).to_be_visible()
    page.get_by_role("button", name="Matrix", exact=True).click()
    expect(page).to_have_url(re.compile("view=matrix"))
    other = open_page(context, page.url, "")
    expect(other.get_by_text("draft, 2 changes since v2")).to_be_visible()
    expect(field(other, "Blocks")).to_have_value("6")
    expect(other.get_by_text("In its real proportions.")).to_be_visible()


def test_what_cannot_be_built_is_told_at_its_field_with_a_way_out(
    house: House, context: BrowserContext
) -> None:
    page = designer(context, house)
    field(page, "Heads").fill("5")
    told = page.get_by_text(re.compile("5 heads do not divide a width of 64"))
    expect(told).to_be_visible()
    expect(field(page, "Heads")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="Train this model")).to_be_disabled()
    expect(page.get_by_role("group", name="Block 1 of 4")).to_be_visible()
    page.get_by_role("button", name="Use 4", exact=True).click()
    expect(told).to_have_count(0)
    expect(page.get_by_role("button", name="Train this model")).to_be_enabled()
    page.keyboard.press("Control+z")
    expect(field(page, "Heads")).to_have_value("5")
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(field(page, "Heads")).to_have_value("4")
    expect(page.get_by_text("saved, v2")).to_be_visible()
    page.get_by_role("button", name="Redo").click()
    expect(field(page, "Heads")).to_have_value("5")


def test_the_picture_by_keyboard_from_the_whole_to_a_matrix(
    house: House, context: BrowserContext
) -> None:
    """Arrow keys go from part to part; each says what it is for, its formula, its figures and our own code."""
    page = designer(context, house, "from=item:kept@2&view=model")
    page.get_by_role("button", name=re.compile("^Block 1,")).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name=re.compile("^Block 2,"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Block 2 of 4")).to_be_visible()
    query = page.get_by_role("button", name="query, 64 → 64, 4,096 parameters")
    query.focus()
    expect(page.get_by_text("query: 64 → 64, 4,096 parameters")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name=re.compile("^key, 64 → 64"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("matrix=k.weight"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name=re.compile("A matrix of"))).to_be_visible()
    page.get_by_role("button", name="Show the code").click()
    expect(page.get_by_label("The file lm/model/attention/grouped.py")).to_contain_text(
        "class Grouped"
    )
    page.get_by_text("The same as a table").click()
    row = page.get_by_role("region", name="Every matrix of the model").get_by_role(
        "row", name="k.weight"
    )
    expect(row).to_contain_text("64 × 64")


def test_another_kind_brings_its_settings_and_its_picture(
    house: House, context: BrowserContext
) -> None:
    page = designer(context, house)
    page.get_by_label("Kind of feed-forward").select_option("swiglu")
    expect(page.get_by_role("button", name=re.compile("^gate, 64 →"))).to_be_visible()
    page.get_by_label("Kind of position").select_option("learned")
    expect(
        page.get_by_role("button", name=re.compile("^Learned positions, 4,096 parameters"))
    ).to_be_visible()
    page.get_by_role("button", name="post", exact=True).click()
    page.get_by_label("Both halves read the same").check()
    expect(page.get_by_text("draft, 4 changes since v2")).to_be_visible()
    expect(page.get_by_role("group", name="Block 1 of 4")).to_be_visible()


def test_side_by_side_with_published_sizes(house: House, context: BrowserContext) -> None:
    page = designer(context, house)
    page.get_by_label("Put beside it").select_option("preset:smollm2-135m")
    table = page.get_by_role("region", name="Comparison")
    expect(table.get_by_role("row", name=re.compile("^Blocks"))).to_contain_text("differs: 30")
    page.get_by_label("Put beside it").select_option("item:kept@2")
    expect(table.get_by_role("columnheader")).to_have_count(4)
    rows = table.get_by_role("row").count()
    page.get_by_label("what is the same too").uncheck()
    expect(table.get_by_role("row", name=re.compile("^Blocks"))).to_be_visible()
    assert table.get_by_role("row").count() < rows
    expect(page).to_have_url(re.compile("vs="))
    table.get_by_role("button", name="start from it").first.click()
    expect(page.get_by_role("heading", name="SmolLM2 135M", level=1)).to_be_visible()


def test_where_it_fits_and_the_nearest_that_does(house: House, context: BrowserContext) -> None:
    page = designer(context, house, "from=preset:llama-3-8b")
    expect(costs(page)).to_contain_text("train: does not fit")
    costs(page).get_by_text("On others: trains on").click()
    nearest = costs(page).get_by_role("button", name=re.compile("^Use ")).first
    nearest.click()
    expect(page).to_have_url(re.compile("accumulation=|set="))


def test_kept_with_versions_and_taken_out(house: House, context: BrowserContext) -> None:
    page = designer(context, house, "from=item:kept@1")
    field(page, "Context").fill("32")
    page.get_by_role("button", name="Save a version").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("What changed")).to_have_value("context 64 → 32")
    dialog.get_by_label("Name").fill("shorter")
    expect(dialog).to_contain_text("A new name begins with version 1.")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("saved, v1")).to_be_visible()
    expect(page.get_by_role("heading", name="Versions of shorter")).to_be_visible()
    field(page, "Blocks").fill("5")
    page.get_by_role("button", name="Save a version").click()
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("saved, v2")).to_be_visible()
    page.get_by_role("button", name="What changed since v1").click()
    expect(page.get_by_role("row", name="layers 3 5")).to_be_visible()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="YAML").click()
    assert "layers: 5" in Path(download.value.path()).read_text()


def test_from_a_text_and_from_a_time(house: House, context: BrowserContext) -> None:
    page = designer(context, house, "")
    page.get_by_role("button", name="Paste or drop a file").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("The text").fill("no architecture")
    dialog.get_by_role("button", name="Start from this text").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("The text").fill(json.dumps(HUB))
    dialog.get_by_role("button", name="Start from this text").click()
    expect(field(page, "Blocks")).to_have_value("30")
    expect(field(page, "Key and value heads")).to_have_value("3")
    page.get_by_role("button", name="I have 10 minutes").click()
    expect(chosen_blocks(dialog)).to_have_text("1")
    dialog.get_by_role("button", name="Depth").click()
    dialog.get_by_role("slider", name="Blocks").press("Home")
    dialog.get_by_role("slider", name="Blocks").press("ArrowRight")
    dialog.get_by_role(
        "button", name="Design with this"
    ).click()  # no sooner than what is shown is meant
    expect(field(page, "Blocks")).to_have_value("2")
    expect(page.get_by_role("heading", name="A design of your own")).to_be_visible()


def chosen_blocks(dialog: Locator) -> Locator:
    """How many blocks the plan that is shown has, once it is the one that was asked for."""
    return dialog.locator("[aria-busy=false] dd").first


def test_on_into_a_run_and_back(house: House, context: BrowserContext) -> None:
    page = designer(context, house, "from=item:kept@2")
    page.get_by_role("button", name="Train this model").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="kept@2")).to_be_visible()
    expect(dialog.get_by_label("Width")).to_have_count(0)
    dialog.get_by_label("Vocabulary").fill("300")
    dialog.get_by_role("button", name=re.compile("^Start")).click()
    expect(page).to_have_url(re.compile(r"/runs/r\w+"))
    run = page.url.rsplit("/", 1)[-1]
    detail = house.api.get(f"/api/runs/{run}").json()
    assert detail["recipe"]["nodes"]["train"]["inputs"]["architecture"] == "kept@2"
    page.get_by_role("link", name="look inside").first.click()
    expect(page.get_by_role("heading", name="kept", level=1)).to_be_visible()
    house.api.post(f"/api/runs/{run}/cancel")


def test_what_was_planned_is_what_is_trained(house: House, context: BrowserContext) -> None:
    """Steps, batch, optimizer and rates go on into the run with the model; one click leaves them to the recipe."""
    page = designer(context, house, "")
    page.get_by_role("button", name="I have 10 minutes").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Depth").click()
    dialog.get_by_role("slider", name="Blocks").press("Home")
    expect(chosen_blocks(dialog)).to_have_text("1")
    asked = {"depth": 1, "vocab_size": 4096}
    plan = house.api.post("/api/architectures/plan", json=asked).json()["training"]
    dialog.get_by_role("button", name="Design with this").click()
    expect(page.get_by_role("heading", name="A design of your own")).to_be_visible()
    page.get_by_role("button", name="Train this model").click()
    dialog.get_by_label("Name").fill("planned")
    dialog.get_by_role("button", name="Save and train").click()
    expect(dialog).to_contain_text("its training as it was planned")
    steps = dialog.get_by_role("textbox", name=re.compile("^Steps"))
    expect(steps).to_have_value(str(plan["steps"]))
    link = page.url
    dialog.get_by_role("button", name="Train as the recipe does").click()
    expect(dialog).to_contain_text("The recipe’s data and training stay")
    expect(steps).not_to_have_value(str(plan["steps"]))
    page.goto(link)
    dialog.get_by_role("button", name=re.compile("^Start with")).click()
    expect(page).to_have_url(re.compile(r"/runs/r\w+"))
    run = page.url.rsplit("/", 1)[-1]
    nodes = house.api.get(f"/api/runs/{run}").json()["recipe"]["nodes"]
    assert nodes["tokenizer"]["config"]["trainer"]["vocab_size"] == asked["vocab_size"]
    config = nodes["train"]["config"]
    for name in ("steps", "batch_size", "schedule", "evaluate_every"):
        assert config[name] == plan[name], name
    assert config["optimizer"]["kind"] == plan["optimizer"]["kind"]
    assert config["optimizer"]["learning_rate"] == plan["optimizer"]["learning_rate"]
    assert config["optimizer"]["adamw"]["learning_rate"] == plan["optimizer"]["adamw"]["learning_rate"]  # fmt: skip
    house.api.post(f"/api/runs/{run}/cancel")


def test_a_page_that_loads_slowly_is_reached_all_the_same(
    house: House, context: BrowserContext
) -> None:
    """The address is written a moment after a change: that calls nobody back who is on the way to another page."""
    with Wire(house.address) as wire:
        with wire.slow("GET /assets/runs-page"):
            page = open_page(context, wire.address, f"{PAGE}?from=item:kept@2")
            field(page, "Blocks").fill("2")
            page.get_by_role("link", name="Runs", exact=True).click()
            page.wait_for_timeout(600)  # longer than the address waits
        expect(page.get_by_role("heading", name="Runs", level=1)).to_be_visible()
        expect(page).to_have_url(re.compile("/runs$"))


def test_what_is_pointed_at_is_told_within_sight(house: House, context: BrowserContext) -> None:
    """However tall the picture: purpose, shapes, parameters and formula stand on the screen while one points."""
    page = designer(context, house)
    for named, formula in (("query, 64", "softmax"), ("Head, ", "scores = W x")):
        page.get_by_role("button", name=re.compile(f"^{named}")).hover()
        told = page.locator("pre").filter(has_text=formula)
        expect(told).to_be_in_viewport(ratio=1)
        expect(page.get_by_text("FLOP a token", exact=True).first).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name=re.compile("^query, 64")).click()
    page.get_by_role("button", name="Show the code").click()
    code = page.get_by_label("The file lm/model/attention/grouped.py")
    expect(code).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Hide the code")).to_be_in_viewport(ratio=1)


def test_the_palette_and_a_run_lead_there(house: House, context: BrowserContext) -> None:
    page = open_page(context, house.address, "/settings")
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search or command").fill("kept")
    page.get_by_role("option", name=re.compile("kept")).click()
    expect(page.get_by_role("heading", name="kept", level=1)).to_be_visible()
    page.goto(f"{house.address}{PAGE}?from=preset:nothing")
    expect(page.get_by_role("alert")).to_contain_text("There is no preset called nothing.")
    page.get_by_role("link", name="Begin with a preset").click()
    expect(page.get_by_role("heading", name="Small", level=1)).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("wide", "dark"), ("narrow", "light")])
def test_everything_open_is_accessible_and_keeps_its_width(
    browser: Browser, house: House, size: str, scheme: str
) -> None:
    context = signed_in(browser, house, size, scheme)
    query = (
        "from=item:kept@2&vs=preset:llama-3-8b,item:kept@1&part=layers.0.attention&matrix=q.weight"
    )
    page = designer(context, house, query)
    expect(costs(page)).to_contain_text("activations")
    problems = violations(page)
    page.get_by_text("The same as a table").click()
    page.get_by_role("button", name="Show the code").click()
    expect(page.get_by_label("The file lm/model/attention/grouped.py")).to_be_visible()
    field(page, "Heads").fill("5")
    expect(page.get_by_role("button", name="Use 4", exact=True)).to_be_visible()
    problems += violations(page)
    page.get_by_role("button", name="I have 10 minutes").click()
    expect(page.get_by_role("button", name="Design with this")).to_be_enabled()
    problems += violations(page)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    context.close()
    assert not problems, "\n".join(problems)
    assert wider <= 0
