"""A snapshot: all that a resume needs, copied out of the training's way in a moment.

In: a trainer. Out: the files of a state, written later and elsewhere while the trainer goes on. Unusual: the copies lie in
buffers that are made once, before the first step, so that taking a snapshot is a copy in memory and nothing else. They
cost as much memory as the fp32 weights and the optimizer's memory together, which the estimate counts.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from glassworks.lm.checkpoint import write_checkpoint
from glassworks.lm.checkpoint.tensors import write_tensors
from glassworks.lm.model.architecture import ArchitectureConfig
from glassworks.lm.train.state import OPTIMIZER_FILE, TRAINING_FILE, TrainingSpec
from glassworks.lm.train.trainer import Trainer


@dataclass(frozen=True)
class Taken:
    """A state as it was at one step; it is valid until the next one is taken from the same `Snapshot`."""

    weights: dict[str, Tensor]
    memory: dict[str, Tensor]
    spec: TrainingSpec
    architecture: ArchitectureConfig
    tokenizer_id: str

    def write(self, folder: Path) -> None:
        """Fill the empty `folder`. Computes nothing, so it may run in another thread beside a training."""
        step = self.spec.step
        write_checkpoint(folder, self.weights, self.architecture, step, self.tokenizer_id)
        write_tensors(folder / OPTIMIZER_FILE, self.memory)
        (folder / TRAINING_FILE).write_text(json.dumps(self.spec.to_json(), indent=2) + "\n")


class Snapshot:
    """Buffers for one state of `trainer`. Only one state taken from it is valid at a time."""

    def __init__(
        self, trainer: Trainer, architecture: ArchitectureConfig, tokenizer_id: str
    ) -> None:
        self._trainer = trainer
        self._architecture = architecture
        self._tokenizer_id = tokenizer_id
        self._is_pinned = trainer.weights.model.device.type == "cuda"
        self._weights = _buffers(trainer.weights.masters, self._is_pinned)
        self._memory = _buffers(trainer.optimizer.tensors(), self._is_pinned)

    @property
    def size_bytes(self) -> int:
        """What the buffers hold."""
        tensors = (*self._weights.values(), *self._memory.values())
        return sum(tensor.numel() * tensor.element_size() for tensor in tensors)

    def take(self) -> Taken:
        """Copy the trainer's state as it is now; what was taken before is overwritten."""
        _copy(self._weights, self._trainer.weights.masters, self._is_pinned)
        _copy(self._memory, self._trainer.optimizer.tensors(), self._is_pinned)
        if self._is_pinned:
            torch.cuda.synchronize()
        spec = TrainingSpec.of(self._trainer)
        return Taken(self._weights, self._memory, spec, self._architecture, self._tokenizer_id)


def write_training_state(
    folder: Path, trainer: Trainer, architecture: ArchitectureConfig, tokenizer_id: str
) -> None:
    """Fill the empty `folder` with all that going on from `trainer.step` needs."""
    Snapshot(trainer, architecture, tokenizer_id).take().write(folder)


def _buffers(tensors: dict[str, Tensor], is_pinned: bool) -> dict[str, Tensor]:
    """Zeros of the same shapes on the CPU: zeros, so that the pages are there before the first copy."""
    return {
        name: torch.zeros(tensor.shape, dtype=tensor.dtype, device="cpu", pin_memory=is_pinned)
        for name, tensor in tensors.items()
    }


def _copy(buffers: dict[str, Tensor], tensors: dict[str, Tensor], is_pinned: bool) -> None:
    with torch.no_grad():
        for name, buffer in buffers.items():
            buffer.copy_(tensors[name], non_blocking=is_pinned)
