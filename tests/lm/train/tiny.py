"""A training run small enough for a test: 4,000 random tokens of 300, a model of two layers, batches of 6 x 12."""

from pathlib import Path
from typing import Any

import numpy as np

from glassworks.lm.checkpoint import read_checkpoint
from glassworks.lm.data import TokenReader, TokenWriter
from glassworks.lm.model.architecture import ArchitectureConfig, parse_architecture
from glassworks.lm.model.transformer import build_model
from glassworks.lm.train.config import TrainConfig
from glassworks.lm.train.precision import Weights
from glassworks.lm.train.snapshot import write_training_state
from glassworks.lm.train.state import load_training_state, read_training_spec
from glassworks.lm.train.trainer import Trainer

VOCAB_SIZE = 300
CONTEXT = 12
ARCHITECTURE = {"context": CONTEXT, "width": 8, "layers": 2, "attention": {"heads": 2}}
SETTINGS: dict[str, Any] = {
    "steps": 12,
    "batch_size": 6,
    "device": "cpu",
    "dtype": "fp32",
    "threads": 1,
}


def write_tokens(folder: Path, num_tokens: int = 4_000, has_mask: bool = False) -> Path:
    """Two documents of random ids, drawn so that a few are common: there is something to learn."""
    folder.mkdir(parents=True)
    random = np.random.Generator(np.random.Philox(key=[num_tokens, 7]))
    ids = (random.random(num_tokens) ** 4 * (VOCAB_SIZE - 2)).astype(int) + 2
    mask = random.random(num_tokens) < 0.4 if has_mask else None
    with TokenWriter(folder, [0, 0] + [2] * (VOCAB_SIZE - 2), end_id=1) as writer:
        for part, name in enumerate(("a", "b")):
            rows = slice(part * num_tokens // 2, (part + 1) * num_tokens // 2)
            writer.add(name, ids[rows].tolist(), None if mask is None else mask[rows].tolist())
    return folder


def write_short_documents(folder: Path, first_token: int = 2) -> Path:
    """60 documents of seven tokens; `first_token` fills the even ones, what is odd stays the same."""
    folder.mkdir(parents=True)
    with TokenWriter(folder, [0, 0] + [2] * (VOCAB_SIZE - 2), end_id=1) as writer:
        for number in range(60):
            odd = [(number * 31 + at * 7) % (VOCAB_SIZE - 2) + 2 for at in range(7)]
            writer.add(f"d{number}", odd if number % 2 else [first_token] * 7)
    return folder


def tiny_architecture() -> ArchitectureConfig:
    return parse_architecture(ARCHITECTURE).with_vocab_size(VOCAB_SIZE)


def make_trainer(tokens: Path, dtype: str = "fp32", **settings: Any) -> Trainer:
    config = TrainConfig.model_validate({**SETTINGS, "dtype": dtype, **settings})
    model = build_model(tiny_architecture(), seed=5)
    return Trainer(Weights(model, dtype), TokenReader(tokens), config)


def saved(trainer: Trainer, folder: Path) -> Path:
    """The state of `trainer`, in a new folder."""
    folder.mkdir()
    write_training_state(folder, trainer, tiny_architecture(), "t")
    return folder


def loaded(folder: Path, like: Trainer) -> Trainer:
    """A trainer that goes on from the state in `folder`, with the settings of `like`."""
    weights = Weights(read_checkpoint(folder).model, like.weights.dtype)
    trainer = Trainer(weights, like.reader, like.config)
    load_training_state(folder, trainer, read_training_spec(folder))
    return trainer
