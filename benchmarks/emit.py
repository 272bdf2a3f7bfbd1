"""Measures what a training step pays for its records: step row, progress, a look for a stop, the events of the cadence.

In: nothing. Out: microseconds a step of ours and of a bare line of CSV that is flushed (the peer), the time of a training
step of the shapes `small` and `medium` in the same run, and ours as a share of it, in percent.

    glassworks bench emit
"""

import csv
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.arena import SHIM_ENVIRONMENT, Contestant, hold
from benchmarks.measured import dtype_of, machine
from benchmarks.shapes import SHAPES
from glassworks.specs.order import OrderSpec
from glassworks.stages import STAGES, stage_spec
from glassworks.worker.context import AttemptContext
from tests.acceptance.house import House
from tests.conftest import make_home, write_tiny_recipe

ROUNDS = 9
STEPS = 1000
BURST = 4


def main() -> int:
    sys.stdout.write(json.dumps(measure()) + "\n")
    return 0


def measure() -> dict[str, Any]:
    """All figures."""
    about = machine()
    with tempfile.TemporaryDirectory(prefix="glassworks-bench-") as folder:
        ours, peer = take_turns(Path(folder))
    figures: dict[str, float] = {
        "ours_us": round(statistics.median(ours), 1),
        "csv_line_us": round(statistics.median(peer), 1),
        "ours_over_csv": round(
            statistics.median(a / b for a, b in zip(ours, peer, strict=True)), 2
        ),
    }
    for shape in SHAPES:
        step_us = 1e6 * step_s(shape, dtype_of(about))
        figures[f"{shape}_step_ms"] = round(step_us / 1000, 2)
        figures[f"{shape}_share_percent"] = round(100 * figures["ours_us"] / step_us, 3)
    return {"benchmark": "emit", "machine": about, "settings": {"steps": STEPS}, "figures": figures}


def take_turns(folder: Path) -> tuple[list[float], list[float]]:
    """Microseconds a step, of ours and of the peer, round by round; the row is one of a real run."""
    house = House(make_home(folder / "home"))
    try:
        house.must("run", str(write_tiny_recipe(folder)))
        node = house.node("train")
        assert node is not None
        attempt = node.attempt(1)
        order = OrderSpec.model_validate_json((attempt.path / "order.json").read_bytes())
        row = node.metric_rows()[-1]
        ctx = AttemptContext(
            folder, order, STAGES.load("train_model"), stage_spec("train_model"), lambda: False
        )
        with (folder / "rows.csv").open("w", encoding="utf-8") as file:
            writer = csv.writer(file)

            def one_of_ours(step: int) -> None:
                ctx.metrics({**row, "step": step})
                ctx.progress(step, STEPS, "steps", "training")
                ctx.should_stop()

            def one_of_the_peer(step: int) -> None:
                writer.writerow([step, *row.values()])
                file.flush()

            rounds = [(_us(one_of_ours), _us(one_of_the_peer)) for _ in range(ROUNDS)]
    finally:
        house.end()
    return [ours for ours, _ in rounds], [peer for _, peer in rounds]


def step_s(shape: str, dtype: str) -> float:
    """Seconds of one training step of that shape."""
    settings = {**SHAPES[shape], "threads": 2, "dtype": dtype, "warm_up": 2}
    found = hold(
        [Contestant("ours", "train_glassworks", SHIM_ENVIRONMENT)], "ours", settings, 3, BURST
    )
    tokens = settings["batch"] * settings["context"]
    return float(tokens / found["contestants"]["ours"]["tokens_per_s"]["median"])


def _us(do: Callable[[int], None]) -> float:
    begun = time.perf_counter()
    for step in range(1, STEPS + 1):
        do(step)
    return (time.perf_counter() - begun) / STEPS * 1e6


if __name__ == "__main__":
    sys.exit(main())
