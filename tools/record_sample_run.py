"""Records the sample run of the package: a recipe run for real, as a page replays it before a reader's own run has begun.

In: a recipe, settings as `--set` writes them. Out: `src/glassworks/content/samples/<recipe>.json`: what the server says of the
finished run and of each stage in it, all events, all step rows, the machine's figures. No weights, no path and no name
of this machine. Unusual: everything goes through the shipped command and the shipped server, in a home of its own that
is thrown away; numbers keep six digits, and of the progress events no more than a bar can show.

    .venv/bin/python tools/record_sample_run.py --set train.steps=1200
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from glassworks.storage.runs import RunStore

SAMPLES = Path("src/glassworks/content/samples")
MAX_BYTES = 2_000_000
DIGITS = 6
PROGRESS_EVENTS = 120
MACHINE_FIGURES = (
    "processor",
    "num_cores",
    "memory_bytes",
    "python",
    "torch",
    "matmul_gflops",
    "copy_bytes_per_s",
)
START_LIMIT_S = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recipe", default="first-model")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--output", type=Path)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="glassworks-sample-") as folder:
        home = Path(folder)
        run = run_recipe(home, wish.recipe, wish.set)
        with serving(home) as client:
            recorded = record(home, client, run)
    text = as_text(scrubbed(recorded, home))
    output = wish.output or SAMPLES / f"{wish.recipe}.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    print(f"{output}: {len(text.encode()):,} bytes")
    return 0


def run_recipe(home: Path, recipe: str, settings: list[str]) -> str:
    """Run a recipe with the shipped command; returns the run's id. Raises CalledProcessError when it fails."""
    options = [part for setting in settings for part in ("--set", setting)]
    command = [sys.executable, "-c", "from glassworks.cli.main import main; main()"]
    done = subprocess.run(
        [*command, "run", recipe, *options, "--json"],
        env=os.environ | {"GLASSWORKS_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    run: str = json.loads(done.stdout)["run"]
    return run


@contextlib.contextmanager
def serving(home: Path) -> Iterator[httpx.Client]:
    """The shipped server over a home, and a client that may ask it everything."""
    command = [sys.executable, "-m", "glassworks.app", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--no-browser", "--no-first-run"],
        env=os.environ | {"GLASSWORKS_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    try:
        said = _server_file(home, process)
        address = f"http://{said['host']}:{said['port']}/api"
        headers = {"Authorization": f"Bearer {said['token']}"}
        with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
            yield client
    finally:
        process.terminate()
        process.wait()


def record(home: Path, client: httpx.Client, run: str) -> dict[str, Any]:
    """The run as `GET /api/sample-run` gives it."""
    runs = RunStore(home / "store" / "runs", home / "store" / "keys")
    detail = _get(client, f"/runs/{run}")
    nodes = {node["run"]: node for node in detail["nodes"] if node["run"]}
    children, metrics = {}, {}
    for child in nodes:
        events = _get(client, f"/runs/{child}/events")
        children[child] = {**events, "events": thinned(events["events"])}
        metrics[child] = runs.get(child).metric_rows()
    machine = _get(client, "/machine")["machine"] or {}
    return {
        "format": 1,
        "detail": detail,
        "events": _get(client, f"/runs/{run}/events")["events"],
        "children": children,
        "metrics": metrics,
        "machine": {name: machine[name] for name in MACHINE_FIGURES if name in machine},
    }


def thinned(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events without most of the progress: a first, a last, and evenly between. A fold ends in the same state."""
    progress = [i for i, event in enumerate(events) if event["type"] == "run.progress"]
    if len(progress) <= PROGRESS_EVENTS:
        return events
    last = len(progress) - 1
    kept = {progress[last * i // (PROGRESS_EVENTS - 1)] for i in range(PROGRESS_EVENTS)}
    kept |= {b for a, b in pairwise(progress) if _phase(events, a, b)}
    return [e for i, e in enumerate(events) if e["type"] != "run.progress" or i in kept]


def scrubbed(recorded: dict[str, Any], home: Path) -> dict[str, Any]:
    """Without paths of this machine. Raises SystemExit when something of it is still there."""
    recorded["detail"]["folder"] = ""
    recorded["detail"]["environment"].pop("platform", None)
    text = json.dumps(recorded)
    for secret in (str(home), str(Path.home()), str(Path.cwd()), os.uname().release):
        if secret in text:
            raise SystemExit(f"The record still holds {secret!r}; take it out in `scrubbed`.")
    return recorded


def as_text(recorded: dict[str, Any]) -> str:
    text = json.dumps(_rounded(recorded), ensure_ascii=False, separators=(",", ":")) + "\n"
    if len(text.encode()) > MAX_BYTES:
        raise SystemExit(f"The record has {len(text.encode()):,} bytes; {MAX_BYTES:,} may ship.")
    return text


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value


def _phase(events: list[dict[str, Any]], before: int, after: int) -> bool:
    return bool(events[before]["phase"] != events[after]["phase"])


def _get(client: httpx.Client, path: str) -> Any:
    return client.get(path).raise_for_status().json()


def _server_file(home: Path, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            said: dict[str, Any] = json.loads((home / "server.json").read_text("utf-8"))
            return said
        time.sleep(0.05)
    raise SystemExit("The server did not start; what it printed stands above.")


if __name__ == "__main__":
    sys.exit(main())
