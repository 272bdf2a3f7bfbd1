"""Measures the playground while `first-model` trains: how long until a first token, and what training loses by it.

In: nothing; it starts the shipped server on a home of its own and throws it away. Out: one JSON object: seconds to the first
sample of the run and to its first checkpoint, first token cold and warm, tokens per second, and training's own tokens
per second with and without a model that writes. Nothing here is a test; figures depend on the machine.

    glassworks bench playground
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from benchmarks.measured import machine
from tests.server.house import House

NUM_WARM = 20
SPAN_S = 20.0
POLL_S = 0.2


def main() -> int:
    about = machine()
    with tempfile.TemporaryDirectory(prefix="glassworks-bench-") as folder:
        house = House(Path(folder), "--no-browser")
        started = time.monotonic()
        with house:
            figures = measure(house.api, started)
            found = {"benchmark": "playground", "machine": about, "settings": {"span_s": SPAN_S}}
            print(json.dumps({**found, "figures": figures}))
            (run,) = house.api.get("/api/runs").json()["items"]
            house.api.post(f"/api/runs/{run['id']}/cancel")
            wait(lambda: _status(house.api, run["id"]) == "stopped")
    return 0


def measure(api: httpx.Client, started: float) -> dict[str, Any]:
    """All figures, of the run that the server began by itself."""
    found: dict[str, Any] = {}
    wait(lambda: _sampled(api))
    found["first_sample_s"] = round(time.monotonic() - started, 2)
    wait(lambda: api.get("/api/models").json()["items"])
    found["first_checkpoint_s"] = round(time.monotonic() - started, 2)
    model = api.get("/api/models").json()["items"][0]
    found["alone_tokens_per_s"] = training_rate(api, model["run"], lambda: time.sleep(SPAN_S))
    ask = {"ref": model["ref"], "prompt": "HAMLET\n", "settings": {"max_tokens": 120}}
    found["cold_first_token_s"] = round(first_token_s(api, ask)[0], 3)
    times = [first_token_s(api, ask) for _ in range(NUM_WARM)]
    found["warm_first_token_s"] = round(statistics.median(one for one, _ in times), 3)
    found["warm_first_token_worst_s"] = round(max(one for one, _ in times), 3)
    found["written_tokens_per_s"] = round(statistics.median(rate for _, rate in times), 1)
    found["beside_tokens_per_s"] = training_rate(api, model["run"], lambda: write_on(api, ask))
    lost = 1 - found["beside_tokens_per_s"] / found["alone_tokens_per_s"]
    found["training_loses_percent"] = round(100 * lost, 1)
    return found


def first_token_s(api: httpx.Client, ask: dict[str, Any]) -> tuple[float, float]:
    """(seconds until the first token, tokens per second of the whole answer)."""
    begun, first = time.monotonic(), 0.0
    with api.stream("POST", "/api/playground/generate", json=ask) as answer:
        for line in answer.iter_lines():
            frame = json.loads(line)
            if frame["type"] == "token" and not first:
                first = time.monotonic() - begun
    return first, float(frame["tokens_per_s"])


def write_on(api: httpx.Client, ask: dict[str, Any]) -> None:
    """Let the model write without a pause for the span."""
    until = time.monotonic() + SPAN_S
    while time.monotonic() < until:
        first_token_s(api, ask)


def training_rate(api: httpx.Client, run: str, meanwhile: Any) -> float:
    """Tokens per second that training read while `meanwhile` ran, by the clock."""
    before, begun = _tokens(api, run), time.monotonic()
    meanwhile()
    return round((_tokens(api, run) - before) / (time.monotonic() - begun), 1)


def wait(is_so: Any) -> None:
    while not is_so():
        time.sleep(POLL_S)


def _train(api: httpx.Client, run: str) -> dict[str, Any]:
    nodes = api.get(f"/api/runs/{run}").json()["nodes"]
    return next((node for node in nodes if node["stage"] == "train_model"), {})


def _sampled(api: httpx.Client) -> bool:
    runs = api.get("/api/runs").json()["items"]
    state = _train(api, runs[0]["id"]).get("state") if runs else None
    return bool(state and state["samples"])


def _tokens(api: httpx.Client, run: str) -> float:
    """Tokens read so far: the last step row's."""
    node = _train(api, run)["run"]
    series = api.get(f"/api/runs/{node}/metrics", params={"names": "tokens"}).json()["series"]
    last: float = series["tokens"]["max"][-1]
    return last


def _status(api: httpx.Client, run: str) -> str:
    status: str = api.get(f"/api/runs/{run}").json()["run"]["status"]
    return status


if __name__ == "__main__":
    sys.exit(main())
