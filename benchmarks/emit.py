"""Measures what a training step pays for its records: step row, progress, a look for a stop, the figures of its layers.

In: nothing. Out: microseconds a step of ours and of a bare line of CSV that is flushed (the peer), the time of a training
step of the shapes `small` and `medium` in the same run, and ours as a share of it, in percent. `layers_ms` is one look into
all layers, `layers_share_percent` what it costs a step at the default cadence, `all_share_percent` both together.

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

import numpy as np
import torch

from benchmarks.arena import OUR_ENVIRONMENT, Contestant, hold
from benchmarks.measured import dtype_of, machine
from benchmarks.shapes import SHAPES, architecture_of
from glassworks.lm.data import TokenReader, TokenWriter
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.transformer import build_model
from glassworks.lm.train.config import TrainConfig
from glassworks.lm.train.figures import Figures
from glassworks.lm.train.precision import Weights
from glassworks.lm.train.trainer import Trainer
from glassworks.specs.order import OrderSpec
from glassworks.stages import STAGES, stage_spec
from glassworks.worker.context import AttemptContext
from tests.acceptance.house import House
from tests.conftest import make_home, write_tiny_recipe

ROUNDS = 9
STEPS = 1000
BURST = 4
NUM_TOKENS = 200_000


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
    every = TrainConfig().layers_every
    for shape in SHAPES:
        step_us = 1e6 * step_s(shape, dtype_of(about))
        look_us = 1e6 * look_s(shape, dtype_of(about))
        figures[f"{shape}_step_ms"] = round(step_us / 1000, 2)
        figures[f"{shape}_share_percent"] = round(100 * figures["ours_us"] / step_us, 3)
        figures[f"{shape}_layers_ms"] = round(look_us / 1000, 2)
        figures[f"{shape}_layers_share_percent"] = round(100 * look_us / every / step_us, 3)
        all_us = figures["ours_us"] + look_us / every
        figures[f"{shape}_all_share_percent"] = round(100 * all_us / step_us, 3)
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
        trainer = make_trainer(folder / "tokens", "small", "fp32")
        figures, update = Figures(trainer, {}, "cpu"), trainer.update()
        ctx = AttemptContext(
            folder, order, STAGES.load("train_model"), stage_spec("train_model"), lambda: False
        )
        with (folder / "rows.csv").open("w", encoding="utf-8") as file:
            writer = csv.writer(file)

            def one_of_ours(step: int) -> None:
                ctx.metrics({**row, **figures.row(update), "step": step})
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
        [Contestant("ours", "train_glassworks", OUR_ENVIRONMENT)], "ours", settings, 3, BURST
    )
    tokens = settings["batch"] * settings["context"]
    return float(tokens / found["contestants"]["ours"]["tokens_per_s"]["median"])


def make_trainer(tokens: Path, shape: str, dtype: str) -> Trainer:
    """A trainer of that shape on random tokens, which looks into its layers at every step."""
    settings = SHAPES[shape]
    tokens.mkdir()
    ids = np.random.default_rng(1).integers(1, settings["vocab_size"], NUM_TOKENS).tolist()
    with TokenWriter(tokens, [1] * settings["vocab_size"], end_id=0) as writer:
        writer.add("random", ids)
    model = build_model(parse_architecture(architecture_of(settings)))
    config = TrainConfig(steps=10**6, batch_size=settings["batch"], layers_every=1)
    return Trainer(Weights(model, dtype), TokenReader(tokens), config)


def look_s(shape: str, dtype: str) -> float:
    """Seconds of one look into all layers, in training as it is."""
    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory(prefix="glassworks-bench-") as folder:
        trainer = make_trainer(Path(folder) / "tokens", shape, dtype)
        return statistics.median(trainer.update().measure_s for _ in range(ROUNDS))


def _us(do: Callable[[int], None]) -> float:
    begun = time.perf_counter()
    for step in range(1, STEPS + 1):
        do(step)
    return (time.perf_counter() - begun) / STEPS * 1e6


if __name__ == "__main__":
    sys.exit(main())
