"""What a training will need, for the ops that estimate: figures from an architecture and the settings of a training."""

from collections.abc import Callable
from typing import Any

import torch

from glassworks.common.errors import InvalidSpec
from glassworks.lm.estimate.cost import (
    cache_bytes_per_token,
    checkpoint_bytes,
    training_duration_s,
    training_flops_per_token,
)
from glassworks.lm.estimate.needs import (
    PROGRAM_BYTES,
    Shortage,
    TrainingShape,
    disk_of,
    disk_shortage,
    memory_of,
    memory_shortage,
)
from glassworks.lm.estimate.table import ShapeTable
from glassworks.lm.model.architecture import ArchitectureConfig
from glassworks.lm.model.shapes import shape_table
from glassworks.lm.model.transformer import expected_first_loss
from glassworks.lm.train.optimizers import OPTIMIZERS
from glassworks.specs.keeping import KeepCheckpoints
from glassworks.specs.machine import MachineSpec
from glassworks.specs.speed import SpeedHistory
from glassworks.specs.stage import Resources

ADAM_MOMENTS = 2.0
NO_LOSS_YET = "Nothing is known yet of how the loss falls with size here: no runs have been fitted."


def model_figures(table: ShapeTable, dtype: str) -> dict[str, Any]:
    """What a model costs, however it is trained."""
    return {
        "parameters": table.num_parameters,
        "flops_per_token": training_flops_per_token(table),
        "checkpoint_bytes": checkpoint_bytes(table),
        "cache_bytes": cache_bytes_per_token(table, dtype) * table.context,
    }


def training_figures(
    architecture: ArchitectureConfig,
    config: Any,
    resources: Resources,
    machine: MachineSpec | None,
    history: SpeedHistory,
    free_disk_bytes: int | None = None,
) -> dict[str, Any]:
    """Tokens, work, memory, disk, time and what does not fit; empty for a stage without steps or a batch."""
    if not getattr(config, "steps", None) or not getattr(config, "batch_size", None):
        return {}
    table = shape_table(architecture)
    shape = shape_of(table, config, resources.dtype)
    num_tokens = shape.steps * shape.batch_size * table.context
    memory, disk = memory_of(table, shape), disk_of(table, shape)
    where = f"{resources.device}/{resources.dtype}"
    near = history.near(where, table.num_parameters)
    near = SpeedHistory() if near.is_far(table.num_parameters) else near
    program_bytes = near.beside_bytes or usual_program_bytes(resources)
    least_s = training_duration_s(table, num_tokens, machine, resources.device, resources.dtype)
    return {
        "steps": shape.steps,
        "num_tokens": num_tokens,
        "training_flops": training_flops_per_token(table) * num_tokens,
        "memory_bytes": {**memory.to_json(), "total": memory.total},
        "program_bytes": program_bytes,
        "disk_bytes": {"checkpoints": disk.checkpoints, "states": disk.states, "total": disk.total},
        "num_checkpoints": disk.num_checkpoints,
        "least_time_s": least_s,
        "time_s": None if least_s is None else near.duration_s(least_s),
        "based_on_runs": len(near.points),
        "time_error": near.error,
        "first_loss": expected_first_loss(architecture.with_vocab_size(table.vocab_size)),
        "predicted_final_loss": None,
        "predicted_final_loss_reason": NO_LOSS_YET,
        "shortages": shortages(
            architecture, config, resources, machine, free_disk_bytes, program_bytes
        ),
    }


def usual_program_bytes(resources: Resources) -> int:
    """What lies in a model's memory beside it, where no run here has told; on an accelerator the program lies elsewhere."""
    return 0 if resources.device == "cuda" else PROGRAM_BYTES


def shape_of(table: ShapeTable, config: Any, dtype: str) -> TrainingShape:
    return TrainingShape(
        batch_size=config.batch_size,
        accumulation=getattr(config, "accumulation", 1),
        steps=config.steps,
        dtype=dtype,
        moments_per_parameter=moments_per_parameter(table, config),
        checkpoint_every=getattr(config, "checkpoint_every", 0),
        keep_states=getattr(config, "keep_states", 1),
        keep_checkpoints=getattr(config, "keep_checkpoints", KeepCheckpoints()),
        activation_checkpointing=getattr(config, "activation_checkpointing", False),
    )


def shortages(
    architecture: ArchitectureConfig,
    config: Any,
    resources: Resources,
    machine: MachineSpec | None,
    free_disk_bytes: int | None,
    program_bytes: int,
) -> list[dict[str, Any]]:
    """What does not fit here, with the nearest that does; what was not measured is not judged."""
    table = shape_table(architecture)
    shape = shape_of(table, config, resources.dtype)
    short = memory_lacking(architecture, config, resources, machine, program_bytes)
    found = [short.to_json()] if short is not None else []
    if short is not None and not short.nearest:
        found = [
            _with_smaller_model(short, architecture, config, resources, machine, program_bytes)
        ]
    if free_disk_bytes is not None:
        disk = disk_shortage(table, shape, free_disk_bytes)
        found += [disk.to_json()] if disk is not None else []
    return found


def memory_lacking(
    architecture: ArchitectureConfig,
    config: Any,
    resources: Resources,
    machine: MachineSpec | None,
    program_bytes: int,
) -> Shortage | None:
    table = shape_table(architecture)
    memory = None if machine is None else machine.memory_of(resources.device)
    if memory is None:
        return None
    return memory_shortage(table, shape_of(table, config, resources.dtype), memory, program_bytes)


def _with_smaller_model(
    short: Shortage,
    architecture: ArchitectureConfig,
    config: Any,
    resources: Resources,
    machine: MachineSpec | None,
    program_bytes: int,
) -> dict[str, Any]:
    """Where no setting of the training is enough: the nearest model that fits, one sequence at a time."""
    alone = config.model_copy(update={"accumulation": config.batch_size})
    change = smaller_model(
        architecture,
        lambda other: memory_lacking(other, alone, resources, machine, program_bytes) is None,
    )
    if not change:
        return short.to_json()
    nearest = {
        **{f"architecture.{k}": v for k, v in change.items()},
        "accumulation": config.batch_size,
    }
    words = " and ".join(f"{name} = {value:,}" for name, value in nearest.items())
    smaller = shape_table(architecture.model_copy(update=change))
    total = memory_of(smaller, shape_of(smaller, alone, resources.dtype)).total
    return {**short.to_json(), "nearest": nearest, "nearest_bytes": total, "hint": f"Set {words}."}


def smaller_model(
    architecture: ArchitectureConfig, fits: Callable[[ArchitectureConfig], bool]
) -> dict[str, int]:
    """The nearest model that fits, of fewer layers or of half the width (again and again): the one with more parameters."""
    candidates = [
        found for found in (_shallower(architecture, fits), _narrower(architecture, fits)) if found
    ]
    if not candidates:
        return {}

    def size(change: dict[str, int]) -> int:
        return shape_table(architecture.model_copy(update=change)).num_parameters

    return max(candidates, key=size)


def _shallower(
    architecture: ArchitectureConfig, fits: Callable[[ArchitectureConfig], bool]
) -> dict[str, int]:
    low, high = 0, architecture.layers - 1  # `low` layers fit, more than `high` do not
    while low < high:
        layers = (low + high + 1) // 2
        is_fit = fits(architecture.model_copy(update={"layers": layers}))
        low, high = (layers, high) if is_fit else (low, layers - 1)
    return {"layers": low} if low else {}


def _narrower(
    architecture: ArchitectureConfig, fits: Callable[[ArchitectureConfig], bool]
) -> dict[str, int]:
    width = architecture.width // 2
    while width:
        narrow = architecture.model_copy(update={"width": width})
        try:
            narrow.attention.check(width, narrow.position)
        except InvalidSpec:  # its heads do not divide it any more
            return {}
        if fits(narrow):
            return {"width": width}
        width //= 2
    return {}


def moments_per_parameter(table: ShapeTable, config: Any) -> float:
    """fp32 numbers that the optimizer keeps per weight: it is built over tensors without storage, and asked."""
    settings = getattr(config, "optimizer", None)
    if settings is None:
        return ADAM_MOMENTS
    named = {
        name: torch.empty(shape, device="meta") for name, shape in table.weights().items() if shape
    }
    optimizer = OPTIMIZERS.load(settings.kind)(settings, named, torch.float32)
    kept = sum(tensor.numel() for tensor in optimizer.tensors().values())
    return kept / max(1, table.num_parameters)
