"""Measures the live stream: many viewers of one real training, beside a bare broadcast of the same rows.

In: the number of viewers. Out: for ours and for the peer how late a step row arrives (median, 99th percentile), what the
server spends of a core, what training loses; then how long it takes until every viewer has caught up after kill -9 of
the server. The peer (`contestants/bare_broadcast.py`) has no sign-in, no cursors and no events. Both serve the same
number of viewers in turns, on the same run; the viewers live in this process, on the same cores.

    glassworks bench live [-- --viewers 200 --rounds 3]
"""

import argparse
import asyncio
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.measured import machine
from glassworks.storage.linelog import Follower
from tests.conftest import make_home
from tests.server.house import House
from tests.server.live.crowd import Viewer, Where, crowd, until_all
from tests.server.live.training import begin

SPAN_S = 10.0
LOOK_S = 0.005
STEPS = 1_000_000
LIMIT_S = 120.0
CHECKOUT = Path(__file__).parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="glassworks bench live")
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    wish = parser.parse_args()
    sys.stdout.write(json.dumps(measure(wish.viewers, wish.rounds)) + "\n")
    return 0


def measure(num_viewers: int, rounds: int) -> dict[str, Any]:
    """All figures, of a run on a home that is thrown away."""
    about = machine()
    with (
        tempfile.TemporaryDirectory(prefix="glassworks-bench-") as folder,
        House(make_home(Path(folder) / "home")) as house,
    ):
        run, node = begin(house, Path(folder), steps=STEPS)
        (attempt,) = (house.home / "store" / "runs" / node / "attempts").iterdir()
        with Rows(attempt / "metrics.jsonl") as rows:
            found = asyncio.run(take_turns(house, node, rows, num_viewers, rounds))
        house.api.post(f"/api/runs/{run}/cancel")
        while house.api.get(f"/api/runs/{run}").json()["run"]["status"] != "stopped":
            time.sleep(0.2)
    return {
        "benchmark": "live",
        "machine": about,
        "settings": {"viewers": num_viewers, "rounds": rounds, "span_s": SPAN_S},
        "figures": found,
    }


class Rows:
    """Notes when each step row appears in its file, in a thread of its own; the source of "how late"."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.appeared: dict[int, float] = {}
        self.late_s: list[float] = []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._main, daemon=True)

    def __enter__(self) -> "Rows":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def heard(self, step: int) -> None:
        """A viewer got this step's row now."""
        if (at := self.appeared.get(step)) is not None:
            self.late_s.append(time.monotonic() - at)

    @property
    def last(self) -> int:
        return max(self.appeared, default=0)

    def _main(self) -> None:
        follower = Follower(self.path)
        while not self._is_over.wait(LOOK_S):
            now = time.monotonic()
            self.appeared |= {int(row["step"]): now for row in follower.poll()}


async def take_turns(
    house: House, node: str, rows: Rows, num_viewers: int, rounds: int
) -> dict[str, Any]:
    alone, ours, bare = [], [], []
    for _ in range(rounds):
        alone.append(await span(rows, house.process.pid))
        ours.append(
            await looked_at(
                rows, at(house.address, house.token), house.process.pid, node, num_viewers
            )
        )
        async with broadcast(rows.path) as (address, pid):
            bare.append(await looked_at(rows, at(address), pid, node, num_viewers))
    return {
        "no_viewer": middle(alone),
        "ours": middle(ours),
        "bare_broadcast": middle(bare),
        "training_keeps": ratio(ours, alone, "steps_per_s"),
        "server_cores_ours_over_bare": ratio(ours, bare, "server_cores"),
    } | await restart(house, node, rows, num_viewers)


def at(address: str, token: str = "") -> Where:
    """One place that stays."""
    return lambda: (address, token)


async def looked_at(rows: Rows, where: Where, pid: int, node: str, num: int) -> dict[str, float]:
    """One span with that many viewers, from when each has the history behind it."""
    viewers = [Viewer(rows.heard) for _ in range(num)]
    async with crowd(viewers, where, node):
        await until_all(viewers, lambda viewer: viewer.num_snapshots > 0, LIMIT_S)
        newest = rows.last
        await until_all(viewers, lambda viewer: viewer.last_step >= newest, LIMIT_S)
        await asyncio.sleep(1)
        return await span(rows, pid, viewers)


async def span(rows: Rows, pid: int, viewers: list[Viewer] | None = None) -> dict[str, float]:
    """What happened in some seconds: training's pace, the server's share of a core, how late rows came."""
    rows.late_s.clear()
    server, begun = psutil.Process(pid), time.monotonic()
    before, first = sum(server.cpu_times()[:2]), rows.last
    num_bytes = sum(viewer.num_bytes for viewer in viewers or ())
    await asyncio.sleep(SPAN_S)
    spent_s = time.monotonic() - begun
    found = {
        "steps_per_s": (rows.last - first) / spent_s,
        "server_cores": (sum(server.cpu_times()[:2]) - before) / spent_s,
    }
    if viewers:
        late_ms = [1000 * late for late in rows.late_s]
        found |= {
            "late_median_ms": statistics.median(late_ms),
            "late_99_percent_ms": statistics.quantiles(late_ms, n=100)[98],
            "kB_per_viewer_s": (sum(v.num_bytes for v in viewers) - num_bytes)
            / (1000 * spent_s * len(viewers)),
        }
    return found


@asynccontextmanager
async def broadcast(path: Path) -> AsyncIterator[tuple[str, int]]:
    """The peer: its address and its process id."""
    program = [sys.executable, "-m", "benchmarks.contestants.bare_broadcast", str(path)]
    process = subprocess.Popen(program, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip(), process.pid
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def restart(house: House, node: str, rows: Rows, num_viewers: int) -> dict[str, float]:
    """kill -9 with everybody looking: seconds until the server answers, and from there until all have caught up."""
    viewers = [Viewer() for _ in range(num_viewers)]
    async with crowd(viewers, lambda: (house.address, house.token), node):
        await until_all(viewers, lambda viewer: viewer.num_snapshots > 0, LIMIT_S)
        await asyncio.to_thread(house.stop, signal.SIGKILL)
        begun = time.monotonic()
        await asyncio.to_thread(house.start)
        ready, newest = time.monotonic(), rows.last
        await until_all(viewers, lambda viewer: viewer.last_step >= newest, LIMIT_S)
        caught_up_s = time.monotonic() - ready
    return {
        "restart_ready_s": round(ready - begun, 2),
        "restart_all_caught_up_s": round(caught_up_s, 2),
        "restart_gaps": sum(viewer.gaps for viewer in viewers),
    }


def middle(spans: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure over the rounds."""
    return {name: round(statistics.median(one[name] for one in spans), 3) for name in spans[0]}


def ratio(ours: list[dict[str, float]], peer: list[dict[str, float]], name: str) -> float:
    """The median over the rounds of ours over the peer's."""
    return round(statistics.median(a[name] / b[name] for a, b in zip(ours, peer, strict=True)), 3)


if __name__ == "__main__":
    sys.exit(main())
