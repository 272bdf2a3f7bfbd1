"""What a training needs of a machine's memory and disk, whether it fits, and the nearest that does. Torch-free.

In: a shape table and how it is trained. Out: bytes, and where they are too many the change that helps most gently: for
memory more pieces of the same batch (the same update), for disk fewer checkpoints.
"""

from collections.abc import Callable
from math import ceil
from typing import Any

from pydantic import Field

from glassworks.lm.estimate.cost import MASTER_BYTES, MemorySplit, training_memory
from glassworks.lm.estimate.disk import DiskSplit, SavePolicy, SaveSize, disk_bytes
from glassworks.lm.estimate.table import ShapeTable
from glassworks.specs.base import Spec
from glassworks.specs.keeping import KeepCheckpoints

PROGRAM_BYTES = 700_000_000
"""Python, torch, the tokens in sight, and what the allocator keeps: trainings of a model of 1 M parameters on a CPU held 0.82 and
0.89 GB, of which 0.13 GB were the model's."""
USABLE = 0.9
"""Share of a memory that a training may fill: the system and other programs need the rest."""


class TrainingShape(Spec):
    """How a model is trained, as far as memory and disk go."""

    batch_size: int = Field(ge=1)
    accumulation: int = Field(default=1, ge=1)
    steps: int = Field(ge=1)
    dtype: str = "fp32"
    moments_per_parameter: float = 2.0
    checkpoint_every: int = Field(default=0, ge=0)
    keep_states: int = Field(default=2, ge=1)
    keep_checkpoints: KeepCheckpoints = KeepCheckpoints()
    activation_checkpointing: bool = False


class Shortage(Spec):
    """What does not fit, in words, and the change of settings that does (empty: no setting of the training helps)."""

    what: str
    needed_bytes: int
    available_bytes: int
    message: str
    hint: str
    nearest: dict[str, Any] = {}
    nearest_bytes: int | None = None


def memory_of(table: ShapeTable, shape: TrainingShape) -> MemorySplit:
    at_once = ceil(shape.batch_size / shape.accumulation) * table.context
    moments, is_checkpointed = shape.moments_per_parameter, shape.activation_checkpointing
    return training_memory(table, at_once, shape.dtype, moments, is_checkpointed)


def disk_of(table: ShapeTable, shape: TrainingShape) -> DiskSplit:
    """A state's weights are its checkpoint's, by hard link: only the optimizer's memory comes on top."""
    weights = table.num_parameters * MASTER_BYTES
    size = SaveSize(checkpoint=weights, memory=round(weights * shape.moments_per_parameter))
    policy = SavePolicy(
        checkpoint_every=shape.checkpoint_every,
        keep_states=shape.keep_states,
        keep_checkpoints=shape.keep_checkpoints,
    )
    return disk_bytes(policy, shape.steps, size)


def memory_shortage(
    table: ShapeTable, shape: TrainingShape, memory_bytes: int, program_bytes: int = PROGRAM_BYTES
) -> Shortage | None:
    """None when it fits. `program_bytes`: what lies in the same memory beside the model."""
    available = int(memory_bytes * USABLE) - program_bytes
    needed = memory_of(table, shape).total
    if needed <= available:
        return None
    smaller = _first(_gentler_batches(shape), lambda s: memory_of(table, s).total <= available)
    fixed = memory_of(table, shape).model_copy(update={"activations": 0}).total
    hint = "Choose a smaller model: its weights, gradients and optimizer alone are too large."
    if smaller is not None:
        hint = _in_words(_changes(shape, smaller))
    elif fixed <= available:
        hint = (
            "Choose a shorter context or a smaller model: even one sequence at a time is too much."
        )
    return Shortage(
        what="memory",
        needed_bytes=needed,
        available_bytes=max(0, available),
        message=f"It needs {_size(needed)} of memory, and {_size(max(0, available))} can be used here.",
        hint=hint,
        nearest=_changes(shape, smaller) if smaller else {},
        nearest_bytes=memory_of(table, smaller).total if smaller else None,
    )


def disk_shortage(table: ShapeTable, shape: TrainingShape, free_bytes: int) -> Shortage | None:
    """None when it fits."""
    available = int(free_bytes * USABLE)
    needed = disk_of(table, shape).total
    if needed <= available:
        return None
    rarer = _first(_rarer_saves(shape), lambda s: disk_of(table, s).total <= available)
    return Shortage(
        what="disk",
        needed_bytes=needed,
        available_bytes=available,
        message=f"Its checkpoints need {_size(needed)} of disk, and {_size(available)} can be used here.",
        hint=_in_words(_changes(shape, rarer))
        if rarer
        else "Free some disk, or choose a smaller model.",
        nearest=_changes(shape, rarer) if rarer else {},
        nearest_bytes=disk_of(table, rarer).total if rarer else None,
    )


def _gentler_batches(shape: TrainingShape) -> list[TrainingShape]:
    """More pieces of the same batch, down to single sequences: slower, but the same update."""
    pieces = [
        n for n in range(shape.accumulation + 1, shape.batch_size + 1) if not shape.batch_size % n
    ]
    return [shape.model_copy(update={"accumulation": n}) for n in pieces]


def _rarer_saves(shape: TrainingShape) -> list[TrainingShape]:
    found = [shape.model_copy(update={"keep_states": 1})]
    every = shape.checkpoint_every or shape.steps
    while every < shape.steps:
        every = min(2 * every, shape.steps)
        found.append(shape.model_copy(update={"keep_states": 1, "checkpoint_every": every}))
    return found


def _first(
    shapes: list[TrainingShape], fits: Callable[[TrainingShape], bool]
) -> TrainingShape | None:
    return next((shape for shape in shapes if fits(shape)), None)


def _changes(before: TrainingShape, after: TrainingShape) -> dict[str, Any]:
    old = before.model_dump()
    return {name: value for name, value in after.model_dump().items() if value != old[name]}


def _in_words(changes: dict[str, Any]) -> str:
    return "Set " + " and ".join(f"{name} = {value:,}" for name, value in changes.items()) + "."


def _size(num_bytes: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if num_bytes >= size:
            return f"{num_bytes / size:,.1f} {unit}"
    return f"{num_bytes / 1e3:,.0f} kB"
