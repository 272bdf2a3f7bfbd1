"""What a model costs before it is built: FLOPs, memory, cache, time. Arithmetic over the shape table.

In: a `ShapeTable`, how it is trained, and what `glassworks doctor` measured of the machine. Out: plain numbers. A time on
a machine that was never measured is `None`: not known yet, rather than guessed.
"""

from pydantic import Field

from glassworks.lm.estimate.table import ShapeTable
from glassworks.specs.base import Spec
from glassworks.specs.machine import MachineSpec

BYTES = {"fp32": 4, "bf16": 2, "fp16": 2, "fp64": 8}
MASTER_BYTES = 4
BACKWARD_TO_FORWARD = 2
"""A matrix product y = W x needs two of its size going back: one for x, one for W."""


class MemorySplit(Spec):
    """Bytes held at the fullest moment of a training step."""

    weights: int = Field(ge=0)
    gradients: int = Field(ge=0)
    optimizer: int = Field(ge=0)
    activations: int = Field(ge=0)
    saving: int = Field(default=0, ge=0)
    """The copy that is written to disk while the training goes on."""

    @property
    def total(self) -> int:
        parts = (self.weights, self.gradients, self.optimizer, self.activations, self.saving)
        return sum(parts)


def training_flops_per_token(table: ShapeTable) -> float:
    """Forward and backward, for one position of a full context."""
    return (1 + BACKWARD_TO_FORWARD) * table.flops_per_token


def training_flops_per_step(table: ShapeTable, tokens_per_step: int) -> float:
    return training_flops_per_token(table) * tokens_per_step


def training_memory(
    table: ShapeTable,
    tokens_at_once: int,
    dtype: str,
    moments_per_parameter: float = 2.0,
    is_checkpointed: bool = False,
) -> MemorySplit:
    """Bytes while training. `tokens_at_once`: positions of one forward pass (rows x context).

    `moments_per_parameter`: fp32 numbers that the optimizer keeps for each weight (AdamW 2, Muon 1). Below fp32 the
    weights lie twice: in `dtype`, and as fp32 masters. Gradients lie twice: as they come, and collected in fp32.
    `is_checkpointed`: with activation checkpointing.
    """
    size, num_parameters = BYTES[dtype], table.num_parameters
    masters = MASTER_BYTES if size < MASTER_BYTES else 0
    moments = round(num_parameters * MASTER_BYTES * moments_per_parameter)
    num_kept = num_kept_when_checkpointed(table) if is_checkpointed else table.num_kept_per_token
    return MemorySplit(
        weights=num_parameters * (size + masters),
        gradients=num_parameters * (size + MASTER_BYTES),
        optimizer=moments,
        activations=round(num_kept * tokens_at_once * size),
        saving=num_parameters * MASTER_BYTES + moments,
    )


def num_kept_when_checkpointed(table: ShapeTable) -> float:
    """Numbers kept for one position where each layer keeps its input alone, and is computed again on the way back.

    At the fullest moment there are all layers' inputs and one layer in full (the largest).
    """
    layers: dict[int, float] = {}
    outside = 0.0
    for row in table.rows:
        if row.layer is None:
            outside += row.num_kept_per_token
        else:
            layers[row.layer] = layers.get(row.layer, 0.0) + row.num_kept_per_token
    width = next((row.shape[1] for row in table.rows if row.name == "embedding.weight"), 0)
    return outside + width * len(layers) + max(layers.values(), default=0.0)


def cache_bytes_per_token(table: ShapeTable, dtype: str) -> int:
    """Bytes that the KV cache keeps for one position of one text."""
    return table.num_cached_per_token * BYTES[dtype]


def checkpoint_bytes(table: ShapeTable) -> int:
    """Bytes of the weights in a checkpoint, which are fp32 masters."""
    return table.num_parameters * MASTER_BYTES


def training_duration_s(
    table: ShapeTable,
    num_tokens: int,
    machine: MachineSpec | None,
    device: str,
    dtype: str,
    utilization: float = 1.0,
) -> float | None:
    """Seconds to train on `num_tokens`, or None where nothing was measured: not known yet.

    `utilization`: the share of the measured matrix rate that training reaches. 1 gives the least time that is possible;
    a caller with a history of runs passes what those reached.
    """
    rate = None if machine is None else machine.matmul_gflops.get(f"{device}/{dtype}")
    if rate is None or rate <= 0 or utilization <= 0:
        return None
    return training_flops_per_token(table) * num_tokens / (rate * 1e9 * utilization)


def utilization(
    table: ShapeTable, tokens_per_s: float, machine: MachineSpec | None, device: str, dtype: str
) -> float | None:
    """The share of the measured matrix rate that a training speed amounts to; None where nothing was measured."""
    floor_s = training_duration_s(table, 1, machine, device, dtype)
    return None if floor_s is None else floor_s * tokens_per_s
