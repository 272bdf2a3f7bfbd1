"""Turns in the playground: written by the model's chat template where it has one, else as a transcript."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import open_page, signed_in
from tests.server.features.test_chat import chat_home
from tests.server.house import House


def test_a_model_that_knows_turns_answers_in_them(browser: Browser, tmp_path: Path) -> None:
    with House(chat_home(tmp_path)) as house:
        context = signed_in(browser, house)
        where = "/playground?mode=chat&t=0&n=30&ref="
        page = open_page(context, house.address, f"{where}model/assistant@1")
        turns = page.get_by_role("list").filter(has=page.get_by_text("you", exact=True))
        for asked, answer in {"ping": "pong", "knock": "who is there"}.items():
            page.get_by_label("Your turn").fill(asked)
            page.get_by_role("button", name="Send").click()
            expect(turns.get_by_role("listitem").last).to_contain_text(answer)
            expect(page.get_by_role("button", name="Send")).to_be_visible()
            page.get_by_role("button", name="Template").click()
            expect(page.locator("pre")).to_contain_text(f"<|user|>{asked}<|turn|><|assistant|>")
            page.get_by_role("button", name="Words").click()
            page.get_by_role("button", name="Begin anew").click()
        page = open_page(context, house.address, f"{where}model/plain@1")
        expect(page.get_by_text("has not learned turns")).to_be_visible()
        page.get_by_label("Your turn").fill("ping")
        page.get_by_role("button", name="Send").click()
        page.get_by_role("button", name="Template").click()
        expect(page.locator("pre")).to_contain_text("YOU\nping")
        context.close()
