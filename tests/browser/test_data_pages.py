"""The pages of the datasets on a real server: files are brought, seen, cleaned, searched, cleaned anew, compared, deleted."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import dataset_of, open_page, order, signed_in, status, violations
from tests.browser.wire import Wire
from tests.conftest import make_home
from tests.lm.text import made
from tests.processes import until
from tests.server.house import House

WORDS = ("kiln", "glass", "lehr", "ware", "batch", "stone", "cord", "furnace", "gather", "anneal")


def prose(number: int) -> str:
    """Some 60 words, different for each number."""
    picked = (WORDS[(number * 7 + k * k) % 10] + str((number * 31 + k) % 97) for k in range(60))
    return " ".join(picked)


def bring(folder: Path) -> Path:
    """A folder as people have them: PDF, Word, text, a table, a scan, a copy, a note that is too short."""
    letter = f"{prose(2)} Write to anna.example@example.org, please."
    return made.write(
        folder / "Kiln Archive",
        {
            "manuals/a.pdf": made.pdf([prose(1)]),
            "work/b.docx": made.word([letter]),
            "logs/c.txt": prose(3).encode(),
            "logs/copy.txt": prose(3).encode(),
            "short.txt": b"too short",
            "scan.pdf": made.pdf([""]),
            "tickets.jsonl": made.jsonl(
                [
                    {"title": f"t{n}", "body": prose(10 + n), "answer": prose(40 + n)}
                    for n in range(8)
                ]
            ),
        },
    )


@pytest.fixture(scope="module")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server with the dataset `kiln`, for tests that only look."""
    folder = tmp_path_factory.mktemp("data")
    files = bring(folder)
    with House(make_home(folder / "home")) as house:
        settings = [f"path={files}"]
        run = house.api.post(
            "/api/runs", json={"recipe": "clean-files", "settings": settings, "name": "kiln"}
        ).json()["run"]["id"]
        until(lambda: status(house, run) == "done", limit_s=120)
        yield house


def texts(page: Page, selector: str) -> list[str]:
    return [one.strip() for one in page.locator(selector).all_inner_texts()]


def test_a_folder_becomes_a_clean_dataset(browser: Browser, fresh: House, tmp_path: Path) -> None:
    """From the empty page to a search in what was made; a scan is told, a column is chosen, a copy is seen to leave."""
    context = signed_in(browser, fresh)
    page = open_page(context, fresh.address, "/data")
    expect(page.get_by_text("A model becomes what it reads.")).to_be_visible()
    page.get_by_label("Folder", exact=True).set_input_files(bring(tmp_path))
    page.wait_for_url("**/data/new**")
    expect(page.get_by_label("Name", exact=True)).to_have_value("kiln-archive")
    expect(page.get_by_text("all of it is here")).to_be_visible()
    expect(
        page.get_by_text("scan.pdf has no text: its page is a picture of paper.")
    ).to_be_visible()
    page.get_by_role("button", name="Leave out").click()
    expect(page.get_by_text("scan.pdf is left out.")).to_be_visible()
    expect(page.get_by_text("the text is in body, 1 of 3 columns.")).to_be_visible()
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Text", exact=True).select_option("answer")
    expect(page.get_by_text("the text is in answer, 1 of 3 columns.")).to_be_visible()
    page.get_by_role("button", name="Clean it and make a dataset").click()
    page.wait_for_url("**/data/kiln-archive")
    expect(page.get_by_role("heading", name="What came in")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^85 % of the documents stay\."))).to_be_visible()
    page.get_by_role("button", name=re.compile("Exact copies")).click()
    expect(page).to_have_url(re.compile("step=exact_duplicates"))
    expect(page.get_by_text("The 1 document that was taken out in ")).to_be_visible()
    expect(page.get_by_text("logs/copy.txt")).to_be_visible()
    page.get_by_label("Find documents that hold these words").fill("EMAIL")
    expect(page.get_by_text("1 of 11 documents hold it")).to_be_visible()
    expect(page.get_by_role("region", name="Documents").locator("mark").first).to_have_text("EMAIL")
    expect(page).to_have_url(re.compile("q=EMAIL"))
    found = fresh.api.get("/api/datasets/kiln-archive/documents").json()["documents"]
    texts = {one["id"]: one["text"] for one in found}
    assert texts["tickets.jsonl:1"] == prose(40), "the chosen column was read"
    context.close()


def test_a_copy_is_put_back_and_versions_are_compared(
    browser: Browser, fresh: House, tmp_path: Path
) -> None:
    run = fresh.api.post(
        "/api/runs",
        json={"recipe": "clean-files", "settings": [f"path={bring(tmp_path)}"], "name": "kiln"},
    ).json()["run"]["id"]
    until(lambda: status(fresh, run) == "done", limit_s=120)
    context = signed_in(browser, fresh)
    page = open_page(context, fresh.address, "/data/kiln?step=exact_duplicates-3")
    page.get_by_role("button", name="Put back", exact=True).click()
    expect(page.get_by_text("One document is to be put back.")).to_be_visible()
    page.get_by_role("button", name="Put back and clean again").click()
    expect(page.get_by_role("button", name="Compare with v1")).to_be_visible()
    page.get_by_role("button", name="Compare with v1").click()
    expect(page.get_by_text("11 stay as they were")).to_be_visible()
    difference = page.get_by_role("listitem").filter(has_text="Hide what changed")
    expect(difference).to_contain_text("1 added")
    expect(difference).to_contain_text("logs/copy.txt")
    page.get_by_role("button", name="Change the steps").click()
    page.get_by_role("checkbox", name="Length is on").uncheck()
    page.get_by_role("button", name="Clean again", exact=True).click()
    expect(page.get_by_role("link", name="v3", exact=True)).to_be_visible()
    ids = [d["id"] for d in fresh.api.get("/api/datasets/kiln/documents").json()["documents"]]
    assert {"short.txt", "logs/copy.txt"} <= set(ids), "what was put back stays put back"
    context.close()


def test_it_is_divided_used_and_cannot_be_deleted(
    browser: Browser, fresh: House, tmp_path: Path
) -> None:
    run = order(fresh, uncounted("\n\n".join(prose(n) for n in range(40))))
    until(lambda: status(fresh, run) == "done", limit_s=120)
    context = signed_in(browser, fresh)
    page = open_page(context, fresh.address, "/data/pasted")
    page.get_by_role("button", name="Divide it").click()
    expect(
        page.get_by_text("No held-out document is a copy of what is learned from.")
    ).to_be_visible()
    page.get_by_role("button", name="Train a tokenizer on it").click()
    page.wait_for_url("**/runs/r*")
    expect(page.get_by_text("done", exact=True).first).to_be_visible()
    page.goto(fresh.address + "/data/pasted")
    expect(page.get_by_text("pasted-tokens").first).to_be_visible()
    page.get_by_role("button", name="Count it").click()  # it was imported without a count
    page.get_by_label("Tokens under").select_option("pasted-tokens")
    page.get_by_role("button", name="Count", exact=True).click()
    expect(page.get_by_text("tokens in a document, each bar")).to_be_visible()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete the dataset").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("pasted-tokens")
    page.get_by_role("button", name="Keep it").click()
    assert fresh.api.get("/api/datasets/pasted").status_code == 200
    context.close()


def test_what_cannot_be_read_says_so_and_stays_told(
    browser: Browser, fresh: House, tmp_path: Path
) -> None:
    """A scan alone: the run fails, the page says why, also after a reload."""
    folder = made.write(tmp_path / "scans", {"scan.pdf": made.pdf([""])})
    context = signed_in(browser, fresh)
    page = open_page(context, fresh.address, "/data")
    page.get_by_label("Folder", exact=True).set_input_files(folder)
    page.wait_for_url("**/data/new**")
    page.get_by_label("Name", exact=True).fill("not a name!")
    page.get_by_role("button", name="Clean it and make a dataset").click()
    expect(page.get_by_role("alert")).to_contain_text("name")
    page.get_by_label("Name", exact=True).fill("scans")
    page.get_by_role("button", name="Clean it and make a dataset").click()
    page.wait_for_url("**/data/scans")
    told = page.get_by_role("alert").filter(has_text="its page is a picture of paper")
    expect(told).to_be_visible()
    page.reload()
    expect(told).to_be_visible()
    expect(page.get_by_role("link", name="Open the run")).to_be_visible()
    context.close()


def uncounted(text: str) -> dict[str, Any]:
    """The dataset `pasted`, which nobody has described."""
    document = dataset_of(text, "pasted")
    del document["nodes"]["describe"]
    return document


def test_an_upload_that_was_broken_off_goes_on(
    browser: Browser, fresh: House, tmp_path: Path
) -> None:
    """The page is closed while files are sent: it knows what it lacks. The same folder, dropped again, is not sent twice."""
    folder = bring(tmp_path)
    (folder / "zz-last.txt").write_text(prose(90) * 400, encoding="utf-8")
    context = signed_in(browser, fresh)
    with Wire(fresh.address) as wire:
        page = open_page(context, wire.address, "/data")
        with wire.slow("PUT /api/uploads"):
            page.get_by_label("Folder", exact=True).set_input_files(folder)
            page.wait_for_url("**/data/new**")
            until(lambda: any("POST /api/uploads " in line for line in wire.requests))
            address = page.url
            page.close(run_before_unload=False)
        again = context.new_page()
        again.goto(address)
        expect(again.get_by_text("The upload was broken off")).to_be_visible()
        expect(again.get_by_text("8 files, ")).to_be_visible()
        sent = len([line for line in wire.requests if line.startswith("POST /api/uploads ")])
        again.get_by_label("Folder", exact=True).set_input_files(folder)
        expect(again.get_by_text("all of it is here")).to_be_visible()
        posted = [line for line in wire.requests if line.startswith("POST /api/uploads ")]
    assert len(posted) == 8, "no file was announced twice"
    assert sent <= 8
    context.close()


def test_an_upload_that_was_broken_off_is_left_as_it_is(
    browser: Browser, fresh: House, tmp_path: Path
) -> None:
    """Files that never came are not taken for nothing: the page says so, and goes on without them only when told to."""
    folder = bring(tmp_path)
    context = signed_in(browser, fresh)
    with Wire(fresh.address) as wire:
        page = open_page(context, wire.address, "/data")
        page.get_by_label("Folder", exact=True).set_input_files(folder)
        page.wait_for_url("**/data/new**")
        expect(page.get_by_text("all of it is here")).to_be_visible()
        address = page.url
        page.close(run_before_unload=False)
        missing = {"files": [{"name": "never.txt", "size_bytes": 9}]}
        upload_folder = re.search(r"folder=(\w+)", address)
        assert upload_folder
        path = f"/api/upload-folders/{upload_folder[1]}"
        fresh.api.post(f"{path}/expected", json=missing).raise_for_status()
        again = context.new_page()
        again.goto(address)
        expect(again.get_by_text("7 of 8 files arrived, and are kept.")).to_be_visible()
        make = again.get_by_role("button", name="Clean it and make a dataset")
        expect(make).to_be_disabled()
        again.get_by_role("button", name="Leave the rest out").click()
        expect(again.get_by_text("all of it is here")).to_be_visible()
        expect(make).to_be_enabled()
        assert fresh.api.get(path).json()["missing"] == []
    context.close()


def test_a_file_that_does_not_arrive_is_tried_again_or_left_out(
    browser: Browser, fresh: House, tmp_path: Path
) -> None:
    """An empty file arrives and is told as empty; what the server refuses can be sent again, or left out."""
    folder = tmp_path / "few"
    folder.mkdir()
    (folder / "empty.txt").write_bytes(b"")
    (folder / "poème: I.txt").write_text(prose(4), encoding="utf-8")
    (folder / "b.txt").write_text(prose(5), encoding="utf-8")
    context = signed_in(browser, fresh)
    page = open_page(context, fresh.address, "/data")
    page.route("**/api/uploads", lambda route: route.fulfill(status=503, body="a proxy's page"))
    page.get_by_label("Folder", exact=True).set_input_files(folder)
    page.wait_for_url("**/data/new**")
    expect(page.get_by_text("not all of it arrived")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_have_count(3)
    page.unroute("**/api/uploads")
    page.get_by_role("button", name="Leave out").first.click()
    again = page.get_by_role("button", name="Try again")
    for left in (2, 1):
        expect(again).to_have_count(left)
        again.first.click()
    expect(page.get_by_text("all of it is here")).to_be_visible()
    page.get_by_label("Folder", exact=True).set_input_files(folder)
    expect(page.get_by_role("row").filter(has_text="b.txt")).to_contain_text("can be read")
    expect(page.get_by_text("empty.txt is empty.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("3 files, ")).to_be_visible()
    expect(page.get_by_text("poème I.txt")).to_be_visible()
    expect(page.get_by_text("all of it is here")).to_be_visible()
    context.close()


def test_by_keyboard_and_what_it_calls_things(browser: Browser, kiln: House) -> None:
    context = signed_in(browser, kiln)
    page = open_page(context, kiln.address, "/data/kiln")
    page.get_by_role("button", name=re.compile("Length from")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Length from"))).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="As a table").focus()
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text="Exact copies")
    assert row.inner_text().split("\t")[1:4] == ["12", "11", "1"]
    page.get_by_role("button", name="As tables").click()
    expect(page.get_by_role("columnheader", name="bytes", exact=True)).to_be_visible()
    context.close()


@pytest.mark.parametrize("path", ["/data", "/data/kiln", "/data/kiln?q=nowhere", "/data/unknown"])
@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("narrow", "dark")])
def test_pages_are_sound(browser: Browser, kiln: House, path: str, size: str, scheme: str) -> None:
    """No rule of accessibility is broken, nothing scrolls sideways, nothing is left loading."""
    context = signed_in(browser, kiln, size, scheme)
    page = open_page(context, kiln.address, path)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_waiting_and_failure_are_shown(browser: Browser, kiln: House) -> None:
    context = signed_in(browser, kiln)
    with Wire(kiln.address) as wire:
        page = open_page(context, wire.address, "/data")
        with wire.slow("GET /api/datasets/kiln"):
            page.get_by_role("link", name="kiln").click()
            expect(page.get_by_role("status", name="Loading the dataset")).to_be_visible()
        expect(page.get_by_role("heading", name="kiln", level=1)).to_be_visible()
        page.goto(wire.address + "/data/nothing-of-that-name")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_role("link", name="All datasets")).to_be_visible()
    context.close()
