"""The pictures in the guides, each taken from the product at work: `python -m tools.picture_guides`.

In: the built pages, Chromium, a server on a home of its own with three short trainings: one that goes well, one that is broken on
purpose, one sweep. Out: `docs/pictures/*.png`. To be looked at before they are committed.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright

from tools.screenshots import FLAGS, SETTLE_MS, Server, served

OUT = Path("docs/pictures")
RUN = {
    "recipe": "first-model",
    "settings": ["steps=240", "train.checkpoint_every=60", "train.layers_every=10"],
}
BROKEN = {"recipe": "broken-divergence"}
SWEEP = {
    "recipe": "first-model",
    "settings": ["steps=60"],
    "sweep": {"over": [{"field": "train.optimizer.learning_rate", "values": [0.002, 0.02, 0.2]}]},
}


class Photographer:
    """Takes one part of a page, wide and light, as a reader of a guide would see it."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = address

    def open(self, path: str) -> Page:
        self._page.goto(self._address + path)
        self._page.wait_for_timeout(SETTLE_MS)
        return self._page

    def take(self, name: str, part: Locator) -> None:
        part.wait_for()
        part.scroll_into_view_if_needed()
        self._page.wait_for_timeout(SETTLE_MS)
        part.screenshot(path=OUT / f"{name}.png")
        print(name, flush=True)


def take_all(photographer: Photographer, server: Server) -> None:
    runs = [server.order(**one) for one in (RUN, BROKEN, SWEEP)]
    page = photographer.open("/models/design?from=preset:small&part=layers.0.attention")
    page.get_by_role("heading", name="What that builds").wait_for()
    photographer.take("designer", page.locator("main"))
    for run in runs:
        server.until(run, "status", "done", "failed")
    run, broken, sweep = runs
    page = photographer.open("/runs?new=first-model")
    page.get_by_role("region", name="Before it starts").wait_for()
    photographer.take("start-card", page.get_by_role("dialog"))
    page = photographer.open(f"/runs/{run}")
    photographer.take("layers", page.get_by_role("region", name="Layers over time"))
    photographer.take("expected", page.get_by_role("region", name="Expected and measured"))
    page = photographer.open(f"/runs/{broken}")
    photographer.take("finding", page.locator("section.finding.bad").first)
    page = photographer.open(f"/runs/{sweep}")
    photographer.take("sweep", page.get_by_role("region", name="Sweep"))


def session_of(page: Page, server: Server) -> None:
    page.goto(server.address + server.ask("POST", "/api/session/links")["url_path"])
    page.get_by_role("navigation").first.wait_for()


def main() -> int:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found is None:
        raise SystemExit("Chromium is needed. Debian, Ubuntu: apt install chromium")
    with served() as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        look: dict[str, Any] = {"viewport": {"width": 1440, "height": 1000}}
        page = browser.new_context(**look, reduced_motion="reduce").new_page()
        session_of(page, server)
        take_all(Photographer(page, server.address), server)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
