"""Everything a resume needs, as one folder without pickle.

    model.safetensors, architecture.json, checkpoint.json   the checkpoint: fp32 masters, stored once
    optimizer.safetensors                                   what the optimizer remembers
    training.json                                           step, steps, seed, tokens, dtype, optimizer, compiled or not

No generator is stored: every random stream is a pure function of (seed, purpose, step), see `streams.py`. The bf16
copy of the weights is the masters rounded, so it is made again. Here it is read; `snapshot.py` writes it.
"""

from pathlib import Path

from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.train.trainer import Trainer
from glassworks.specs.base import Spec

OPTIMIZER_FILE = "optimizer.safetensors"
TRAINING_FILE = "training.json"


class TrainingSpec(Spec):
    """`training.json`. `steps` is the length of the run that was planned when this was saved."""

    format: int = 1
    step: int
    steps: int
    seed: int
    num_tokens: int
    dtype: str
    optimizer: str
    is_compiled: bool = False

    @classmethod
    def of(cls, trainer: Trainer) -> "TrainingSpec":
        """Where `trainer` stands now."""
        return cls(
            step=trainer.step,
            steps=trainer.config.steps,
            seed=trainer.config.seed,
            num_tokens=trainer.num_tokens,
            dtype=trainer.weights.dtype,
            optimizer=trainer.config.optimizer.kind,
            is_compiled=trainer.is_compiled,
        )


def read_training_spec(folder: Path) -> TrainingSpec:
    """`training.json` of a state. Raises BadData when it is damaged."""
    try:
        return TrainingSpec.model_validate_json((folder / TRAINING_FILE).read_text())
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise _damaged(folder, error) from error


def load_training_state(folder: Path, trainer: Trainer, spec: TrainingSpec) -> None:
    """Give `trainer`, whose weights come from the same folder, its memory and its place.

    Raises InvalidSpec when the run uses another optimizer than the state, BadData when the state is damaged.
    """
    wanted = trainer.config.optimizer.kind
    if spec.optimizer != wanted:
        raise InvalidSpec(
            "another-optimizer",
            f"The saved state was made with the optimizer {spec.optimizer!r}, this run asks for {wanted!r}.",
            f"Set train.optimizer.kind={spec.optimizer}, or start a new run.",
            "optimizer.kind",
        )
    try:
        trainer.optimizer.load_tensors(load_file(folder / OPTIMIZER_FILE))
    except (OSError, KeyError, RuntimeError, SafetensorError) as error:
        raise _damaged(folder, error) from error
    trainer.step = spec.step
    trainer.num_tokens = spec.num_tokens


def _damaged(folder: Path, error: Exception) -> BadData:
    return BadData(
        "damaged-state",
        f"The saved state {folder.name} cannot be read: {error}",
        "Resume again: the state before it is used when this one is set aside.",
        str(folder),
    )
