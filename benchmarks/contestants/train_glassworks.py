"""Our training step: batch, forward, backward, clipping, optimizer, bf16 with fp32 masters where bf16 is fast; compiled if asked."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contestant import Burst, compete
from benchmarks.shapes import architecture_of
from glassworks.lm.data.token_writer import TokenWriter
from glassworks.lm.data.tokens import TokenReader
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.transformer import build_model
from glassworks.lm.train.compiling import compile_loss
from glassworks.lm.train.config import TrainConfig
from glassworks.lm.train.optimizers import OPTIMIZERS
from glassworks.lm.train.precision import Weights
from glassworks.lm.train.trainer import Trainer

NUM_TOKENS = 200_000


def make_trainer(settings: dict[str, Any]) -> Trainer:
    """A trainer of a shape on random tokens, as a run has it."""
    model = build_model(parse_architecture(architecture_of(settings)))
    kind = settings.get("optimizer", "muon")
    optimizer = OPTIMIZERS.load(kind).Config(kind=kind)
    config = TrainConfig(steps=10**6, batch_size=settings["batch"], optimizer=optimizer)
    return Trainer(Weights(model, settings["dtype"]), _tokens(settings), config)


def prepare(settings: dict[str, Any]) -> tuple[Burst, dict[str, Any]]:
    trainer = make_trainer(settings)
    model = trainer.weights.model
    is_compiled = settings.get("compile", False)
    if is_compiled and (found := compile_loss(trainer)).code != "compiled":
        raise SystemExit(found.message)

    def burst(steps: int) -> int:
        return sum(trainer.update().num_tokens for _ in range(steps))

    about = {
        "parameters": model.num_parameters,
        "dtype": settings["dtype"],
        "optimizer": trainer.config.optimizer.kind,
        "is_compiled": is_compiled,
    }
    return burst, about


def _tokens(settings: dict[str, Any]) -> TokenReader:
    folder = Path(tempfile.mkdtemp(prefix="glassworks-bench-"))
    vocab_size = settings["vocab_size"]
    ids = np.random.default_rng(1).integers(1, vocab_size, NUM_TOKENS).tolist()
    with TokenWriter(folder, [1] * vocab_size, end_id=0) as writer:
        writer.add("random", ids)
    return TokenReader(folder)


if __name__ == "__main__":
    compete(prepare)
