"""What a save costs a training: how long the loop stands still, how long until the save is complete.

In: a shape and how many rounds. Out: milliseconds of ours and of a plain `torch.save` of the same state in the loop, with an
fsync after it, as a loop that means to survive a power cut has it. They take turns in one process, on one trainer:

    pause_ms      how long the loop stands still
    whole_ms      until everything is on the disk: ours beside the next steps, with checksums and manifests, as an artifact too
    step_ms       a step with nothing beside it, and a step while our save is written

    glassworks bench save
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from benchmarks.contestants.train_glassworks import make_trainer
from benchmarks.measured import dtype_of, machine
from benchmarks.shapes import SHAPES
from glassworks.common.clock import monotonic_s
from glassworks.lm.checkpoint.files import CHECKPOINT_FILES
from glassworks.lm.train.snapshot import Snapshot
from glassworks.lm.train.trainer import Trainer
from glassworks.specs.order import OrderSpec
from glassworks.stages import STAGES, stage_spec
from glassworks.storage.store import open_store
from glassworks.worker.context import AttemptContext

STAGE = "import_dataset"
"""Any stage without inputs: the context that saves is the same for all."""
Milliseconds = dict[str, list[float]]


def measure(shape: str, rounds: int, steps: int, threads: int) -> dict[str, Any]:
    """All figures as plain JSON."""
    here = machine()
    settings = {**SHAPES[shape], "threads": threads, "dtype": dtype_of(here)}
    torch.set_num_threads(threads)
    trainer = make_trainer(settings)
    with tempfile.TemporaryDirectory(prefix="glassworks-bench-") as folder:
        found, snapshot = take_turns(trainer, Path(folder), rounds, steps)
    ratio = [a / b for a, b in zip(found["peer_pause_ms"], found["ours_pause_ms"], strict=True)]
    figures: dict[str, Any] = {name: _spread(values) for name, values in found.items()}
    figures["peer_pause_over_ours"] = _spread(ratio)
    figures["parameters"] = trainer.weights.model.num_parameters
    figures["state_megabytes"] = round(snapshot.size_bytes / 1e6, 1)
    about = {"dtype": settings["dtype"], "threads": threads, "rounds": rounds}
    here["load_average"] = max(here["load_average"], os.getloadavg()[0])
    return {
        "benchmark": "save",
        "shape": shape,
        "machine": here,
        "settings": about,
        "figures": figures,
    }


def take_turns(
    trainer: Trainer, folder: Path, rounds: int, steps: int
) -> tuple[Milliseconds, Snapshot]:
    """Some steps, our save beside further steps, some steps, the peer's save; the first round warms up."""
    context = _context(folder)
    snapshot = Snapshot(trainer, trainer.weights.model.architecture, "")
    found: Milliseconds = {}
    for number in range(rounds + 1):
        row = {
            "step_ms": statistics.median(_ms(trainer.update) for _ in range(steps)),
            **_ours(trainer, snapshot, context),
            "peer_pause_ms": _ms(lambda: _save_plainly(trainer, folder / "peer.pt")),
        }
        print(f"round {number} of {rounds}: {row}", file=sys.stderr, flush=True)
        for name, value in row.items() if number else ():
            found.setdefault(name, []).append(value)
    return found, snapshot


def _ours(trainer: Trainer, snapshot: Snapshot, context: AttemptContext) -> dict[str, float]:
    def save() -> None:
        context.save_in_background(
            trainer.step, lambda: snapshot.take().write, CHECKPOINT_FILES, keep=2
        )

    pause_ms = _ms(save)
    beside = [_ms(trainer.update)]
    while context.is_saving:
        beside.append(_ms(trainer.update))
    context.finish_saving()
    return {
        "ours_pause_ms": pause_ms,
        "ours_whole_ms": 1000 * _told_duration_s(context),
        "step_beside_ms": statistics.median(beside),
    }


def _told_duration_s(context: AttemptContext) -> float:
    """What the run's log says of the last save."""
    last = (context.attempt_dir / "events.jsonl").read_text().splitlines()[-1]
    return float(json.loads(last)["duration_s"])


def _save_plainly(trainer: Trainer, path: Path) -> None:
    state = {
        "model": trainer.weights.masters,
        "optimizer": trainer.optimizer.tensors(),
        "step": trainer.step,
    }
    with path.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())


def _context(folder: Path) -> AttemptContext:
    attempt = folder / "run" / "attempts" / "1"
    attempt.mkdir(parents=True)
    stage = STAGES.load(STAGE)
    order = OrderSpec(
        run="r000000000",
        attempt=1,
        stage=STAGE,
        version=stage.version,
        config={"source": {"kind": "stories"}},
        store=str(open_store(folder / "store").root),
    )
    return AttemptContext(attempt, order, stage, stage_spec(STAGE), lambda: False)


def _ms(work: Callable[[], object]) -> float:
    started = monotonic_s()
    work()
    return 1000 * (monotonic_s() - started)


def _spread(values: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 2),
        "least": round(min(values), 2),
        "greatest": round(max(values), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--shape", choices=list(SHAPES), default="medium")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=4, help="steps between two saves")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    print(json.dumps(measure(options.shape, options.rounds, options.steps, options.threads)))


if __name__ == "__main__":
    main()
