"""Pictures of every page in its states, wide and narrow, light and dark: `make screenshots`.

In: the built pages, Chromium ($CHROMIUM or on the PATH), a real server on a home of its own with a real, short training. Out:
`build/screenshots/<state>-<width>-<scheme>.png` and a contact sheet, `index.html`. Made to be looked at, one by one.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path("build/screenshots")
WIDTHS = {"1440": (1440, 900), "390": (390, 844)}
SCHEMES = ("light", "dark")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
STEPS = 200
SETTLE_MS = 1500
LIMIT_S = 900


class Server:
    """A server on a temporary home; `ask` calls it as the command line does."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-m", "glassworks.app", "--port", "0", "--json"]
        environment = {**os.environ, "GLASSWORKS_HOME": str(home)}
        self.process = subprocess.Popen(
            [*command, "--no-first-run"], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.address: str = json.loads(self.process.stdout.readline())["address"]
        self._token: str = json.loads((home / "server.json").read_text())["token"]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            self.address + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.loads(answer.read() or b"{}")

    def order(self, **body: Any) -> str:
        run: str = self.ask("POST", "/api/runs", body)["run"]["id"]
        return run

    def until(self, run: str, key: str, *wanted: Any) -> None:
        """Wait until the run's `key` is one of `wanted`, or, without any, until it has a value."""
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline:
            value = self.ask("GET", f"/api/runs/{run}")["run"][key]
            if value in wanted or (not wanted and value is not None):
                return
            time.sleep(0.5)
        raise SystemExit(f"Run {run} did not come as far as expected.")


@contextmanager
def served() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.process.send_signal(signal.SIGTERM)
            server.process.wait(30)


class Camera:
    """Takes one picture of a state in each width and scheme."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self._browser = browser
        self._server = server
        self._sessions: dict[str, Any] = {}

    def shoot(
        self, state: str, path: str, act: Any = lambda page: None, is_whole: bool = True
    ) -> None:
        """Open `path`, let `act(page)` bring it into the state, take the picture: the whole page, or what the screen shows."""
        for width, (w, h) in WIDTHS.items():
            for scheme in SCHEMES:
                context = self._browser.new_context(
                    viewport={"width": w, "height": h},
                    color_scheme="dark" if scheme == "dark" else "light",
                    storage_state=self._session(),
                )
                page = context.new_page()
                page.goto(self._server.address + path)
                page.wait_for_timeout(SETTLE_MS)
                act(page)
                page.wait_for_timeout(SETTLE_MS)
                page.screenshot(path=OUT / f"{state}-{width}-{scheme}.png", full_page=is_whole)
                page.unroute_all(behavior="ignoreErrors")
                context.close()
        print(state, flush=True)

    def _session(self) -> Any:
        if not self._sessions:
            context = self._browser.new_context()
            page = context.new_page()
            link = self._server.ask("POST", "/api/session/links")["url_path"]
            page.goto(self._server.address + link)
            page.get_by_role("navigation").first.wait_for()
            self._sessions["state"] = context.storage_state()
            context.close()
        return self._sessions["state"]


def write_answer(page: Page) -> None:
    page.get_by_role("textbox", name="Prompt").fill("HAMLET\nTo be")
    page.get_by_role("button", name="Let it write").click()
    page.get_by_role("button", name="Write again").wait_for(timeout=60_000)
    page.get_by_role("region", name="Answer").locator("p [role=button]").nth(6).click()


def held(pattern: str) -> Any:
    """Reload with the calls that match held back: the page as it loads."""

    def act(page: Page) -> None:
        page.route(re.compile(pattern), lambda route: None)
        page.reload()

    return act


def opened(*names: str) -> Any:
    """Press the buttons and menu items of these names, one after another."""

    def act(page: Page) -> None:
        for name in names:
            wanted = page.get_by_role("button", name=name).or_(
                page.get_by_role("menuitem", name=name)
            )
            wanted.locator("visible=true").first.click()

    return act


def cut_off(link: str) -> Any:
    """The server goes away, and then somebody opens another page."""

    def act(page: Page) -> None:
        page.context.set_offline(True)
        page.get_by_role("link", name=link).locator("visible=true").first.click()
        page.wait_for_timeout(6000)

    return act


def show_palette(page: Page) -> None:
    page.keyboard.press("Control+k")


def take_data(camera: Camera, server: Server) -> None:
    """Our own documentation as a dataset: short pages, pages that say nearly the same."""
    files = server.order(
        recipe="clean-files", settings=[f"path={Path('docs').absolute()}"], name="handbook"
    )
    camera.shoot("data-making", "/data/handbook")
    server.until(files, "status", "done")
    camera.shoot("data", "/data")
    camera.shoot("dataset", "/data/handbook")
    camera.shoot("dataset-search", "/data/handbook?q=token&unit=bytes")
    camera.shoot("dataset-steps", "/data/handbook", opened("Change the steps"), is_whole=False)
    camera.shoot("dataset-loading", "/data/handbook", held("/api/datasets"))
    camera.shoot("dataset-unknown", "/data/nothing")
    camera.shoot("data-failed", "/settings", cut_off("Data"))


def take_opened(camera: Camera, run: str) -> None:
    """What loads, what failed, and what opens on a page."""
    camera.shoot("home-loading", "/", held("/api/runs"))
    camera.shoot("runs-loading", "/runs", held("/api/(runs|live)"))
    camera.shoot("run-loading", f"/runs/{run}", held("/api/(runs/r|live)"))
    camera.shoot("tokenizer-loading", "/tokenizer", held("/api/tokenizers"))
    camera.shoot("designer-loading", "/models/design", held("/api/architectures"))
    camera.shoot("playground-loading", "/playground", held("/api/models"))
    camera.shoot("settings-loading", "/settings", held("/api/(storage|machine)"))
    camera.shoot("home-failed", "/settings", cut_off("Home"))
    camera.shoot("runs-failed", "/settings", cut_off("Runs"))
    camera.shoot("tokenizer-failed", "/settings", cut_off("Tokenizers"))
    camera.shoot("designer-failed", "/settings", cut_off("Models"))
    camera.shoot("playground-failed", "/settings", cut_off("Playground"))
    camera.shoot("settings-failed", "/style", cut_off("Settings"))
    camera.shoot("palette", "/runs", show_palette, is_whole=False)
    camera.shoot("run-menu", f"/runs/{run}", opened("More actions"), is_whole=False)
    camera.shoot("run-rename", f"/runs/{run}", opened("More actions", "Rename"), is_whole=False)
    camera.shoot("run-delete", f"/runs/{run}", opened("More actions", "Delete"), is_whole=False)
    camera.shoot("run-clone", f"/runs/{run}", opened("Clone with changes"), is_whole=False)
    camera.shoot("run-replay", f"/runs/{run}", opened("More actions", "Play it again"))
    camera.shoot("run-table", f"/runs/{run}", opened("Table"))
    camera.shoot("own-text", "/", opened("Use my own text"), is_whole=False)
    camera.shoot("tokenizer-half", "/tokenizer?m=120")
    camera.shoot("tokenizer-vocabulary", "/tokenizer?tab=vocabulary&order=longest")
    camera.shoot("tokenizer-size", "/tokenizer?tab=size")
    camera.shoot("tokenizer-chat", "/tokenizer?tab=chat")
    camera.shoot("tokenizer-train", "/tokenizer", opened("Train a new one"), is_whole=False)
    camera.shoot("designer", "/models/design?part=layers.0.attention&matrix=q.weight")
    camera.shoot("designer-model", "/models/design?from=preset:smollm2-135m&view=model")
    camera.shoot("designer-beside", "/models/design?vs=preset:gpt2,preset:llama-3-8b")
    camera.shoot("designer-time", "/models/design", opened("I have 10 minutes"), is_whole=False)
    camera.shoot("playground-chat", "/playground", opened("Chat"))
    camera.shoot("sign-in-failed", "/sign-in#used-up")


def take_reading(camera: Camera, server: Server, run: str) -> None:
    """What a step read, and what of a text is copied."""
    camera.shoot("run-read", f"/runs/{run}?read=60")
    camera.shoot("run-read-loading", f"/runs/{run}?read=60", held("/steps/"))
    camera.shoot("run-read-failed", f"/runs/{run}?read=99999")
    camera.shoot("run-copies-missing", f"/runs/{run}?copies=20")
    indexing = server.ask("POST", "/api/copies/index", {"ref": run})["run"]
    server.until(indexing, "status", "done")
    camera.shoot("run-copies", f"/runs/{run}?copies=12")
    camera.shoot("playground-copies", f"/playground?ref={run}:latest&copies=12", write_answer)


def take_all(camera: Camera, server: Server) -> None:
    camera.shoot("first-visit-before", "/")
    camera.shoot("runs-empty", "/runs")
    camera.shoot("data-empty", "/data")
    camera.shoot("playground-empty", "/playground")
    camera.shoot("tokenizer-empty", "/tokenizer")
    run = server.order(
        recipe="first-model", settings=[f"steps={STEPS}", "train.checkpoint_every=50"]
    )
    server.until(run, "step")
    camera.shoot("first-visit-live", "/")
    camera.shoot("run-live", f"/runs/{run}")
    server.until(run, "status", "done")
    camera.shoot("first-visit-done", "/")
    camera.shoot("run-done", f"/runs/{run}")
    camera.shoot("playground", f"/playground?ref={run}:latest", write_answer)
    server.ask("PATCH", "/api/me", {"persona": "learner"})
    server.order(recipe="first-model", settings=[f"steps={STEPS}", "train.seed=7"], name="seed-7")
    waiting = server.order(recipe="arithmetic", name="sums")
    camera.shoot("home", "/")
    camera.shoot("runs", "/runs")
    camera.shoot("run-queued", f"/runs/{waiting}")
    camera.shoot("new-run", "/runs?new=first-model", is_whole=False)
    for row in server.ask("GET", "/api/runs")["items"]:
        if row["status"] in ("queued", "running"):
            server.ask("POST", f"/api/runs/{row['id']}/cancel")
    take_data(camera, server)
    camera.shoot("settings", "/settings")
    camera.shoot("parts", "/style")
    camera.shoot("not-found", "/no-such-page")
    camera.shoot("run-unknown", "/runs/r9zzzzzzzz")
    take_opened(camera, run)
    take_reading(camera, server, run)


def write_index() -> None:
    names = sorted(path.name for path in OUT.glob("*.png"))
    figures = "".join(
        f'<figure><img src="{name}" loading="lazy"><figcaption>{name}</figcaption></figure>'
        for name in names
    )
    style = (
        "body{font:14px sans-serif}figure{display:inline-block;vertical-align:top}img{width:420px}"
    )
    (OUT / "index.html").write_text(f"<!doctype html><style>{style}</style>{figures}")


def main() -> int:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found is None:
        raise SystemExit("Chromium is needed. Debian, Ubuntu: apt install chromium")
    OUT.mkdir(parents=True, exist_ok=True)
    with served() as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        take_all(Camera(browser, server), server)
        browser.close()
    write_index()
    print(f"{OUT / 'index.html'} shows them all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
