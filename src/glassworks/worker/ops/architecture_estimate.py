"""What an architecture costs to train and to use, and where it fits: `{document, vocab_size, training, machine, history, ...}`.

Out: `{training: {...}, generation: {memory_bytes, tokens_per_s_bound}, devices: [...]}`. Unusual: devices are this machine's as
measured, and a few common sizes of memory beside them, so that a person sees what it would take.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import Field, ValidationError

from glassworks.lm.estimate.cost import BYTES, cache_bytes_per_token
from glassworks.lm.estimate.needs import USABLE, memory_of
from glassworks.lm.estimate.table import ShapeTable
from glassworks.lm.model.architecture import ArchitectureConfig, parse_architecture
from glassworks.lm.model.shapes import shape_table
from glassworks.lm.train.config import TrainConfig
from glassworks.specs.base import Spec, invalid_spec
from glassworks.specs.machine import MachineSpec
from glassworks.specs.speed import SpeedHistory
from glassworks.specs.stage import Resources
from glassworks.stages.train_model import TrainModel
from glassworks.worker.ops._training import (
    model_figures,
    shape_of,
    shortages,
    training_figures,
    usual_program_bytes,
)
from glassworks.worker.ops.architecture_explain import ASSUMED_VOCAB_SIZE
from glassworks.worker.ops.base import Op

GIB = 1 << 30
Place = tuple[str, str, str, int]
"""Id, name, kind of device, bytes of memory."""
COMMON: tuple[Place, ...] = (
    ("laptop-16", "Laptop, 16 GiB", "cpu", 16 * GIB),
    ("gpu-24", "GPU, 24 GiB", "cuda", 24 * GIB),
    ("gpu-80", "GPU, 80 GiB", "cuda", 80 * GIB),
)
"""Sizes that many people have or can rent; nothing is measured on them, so no time is told."""


class ArchitectureEstimate(Op):
    """Estimate training and generation of an architecture, on this machine and on common ones."""

    class Args(Spec):
        document: dict[str, Any]
        vocab_size: int | None = Field(default=None, ge=2, le=2_000_000)
        training: dict[str, Any] = {}
        machine: dict[str, Any] = {}
        history: SpeedHistory = SpeedHistory()
        free_disk_bytes: int | None = None

    def run(self, args: Args) -> dict[str, Any]:
        architecture = parse_architecture(args.document)
        size = architecture.vocab_size or args.vocab_size or ASSUMED_VOCAB_SIZE
        architecture = architecture.with_vocab_size(size)
        table = shape_table(architecture)
        config = _training_config(args.training, args.machine)
        resources = TrainModel.resources(config)
        machine = MachineSpec.model_validate(args.machine) if args.machine else None
        training = training_figures(
            architecture, config, resources, machine, args.history, args.free_disk_bytes
        )
        return {
            "vocab_size": size,
            "device": resources.device,
            "dtype": resources.dtype,
            **model_figures(table, resources.dtype),
            "training": training,
            "generation": _generation(table, machine, resources),
            "devices": list(_devices(architecture, config, resources, machine)),
        }


def _training_config(fields: dict[str, Any], machine: dict[str, Any]) -> TrainConfig:
    try:
        return TrainModel.resolve(TrainConfig.model_validate(fields), machine)
    except ValidationError as error:
        raise invalid_spec(error, "training") from error


def _generation(
    table: ShapeTable, machine: MachineSpec | None, resources: Resources
) -> dict[str, Any]:
    """One text of a full context. Each token reads every weight and the cache once: that bounds the speed."""
    weights = table.num_parameters * BYTES[resources.dtype]
    cache = cache_bytes_per_token(table, resources.dtype) * table.context
    rate = machine.copy_bytes_per_s if machine and resources.device == "cpu" else 0.0
    return {
        "memory_bytes": {"weights": weights, "cache": cache, "total": weights + cache},
        "tokens_per_s_bound": rate / (weights + cache / 2) if rate else None,
    }


def _devices(
    architecture: ArchitectureConfig,
    config: TrainConfig,
    resources: Resources,
    machine: MachineSpec | None,
) -> Iterator[dict[str, Any]]:
    here = [
        (f"here-{device}", f"This machine, {device}", device, machine.memory_of(device))
        for device in (machine.devices if machine else ())
        if machine is not None
    ]
    for device, name, kind, memory in (*here, *COMMON):
        if memory is not None:
            dtype = resources.dtype if kind == resources.device else _usual_dtype(kind, machine)
            yield _device(architecture, config, dtype, (device, name, kind, memory))


def _usual_dtype(kind: str, machine: MachineSpec | None) -> str:
    return "bf16" if kind == "cuda" or (machine and machine.has_fast_bf16) else "fp32"


def _device(
    architecture: ArchitectureConfig, config: TrainConfig, dtype: str, place: Place
) -> dict[str, Any]:
    device, name, kind, memory = place
    table = shape_table(architecture)
    there = MachineSpec.model_construct(memory_bytes=memory, device_memory_bytes={kind: memory})
    resources = Resources(device=kind, dtype=dtype)
    beside = usual_program_bytes(resources)
    lacking = shortages(architecture, config, resources, there, None, beside)
    used = table.num_parameters * BYTES[dtype]
    used += cache_bytes_per_token(table, dtype) * table.context
    return {
        "device": device,
        "name": name,
        "kind": kind,
        "dtype": dtype,
        "is_here": device.startswith("here-"),
        "memory_bytes": memory,
        "training_bytes": memory_of(table, shape_of(table, config, dtype)).total,
        "generation_bytes": used,
        "fits_training": not lacking,
        "fits_generation": used <= memory * USABLE,
        "why": lacking[0]["message"] if lacking else None,
        "hint": lacking[0]["hint"] if lacking else None,
        "nearest": _changes(lacking[0]["nearest"]) if lacking else None,
    }


def _changes(nearest: dict[str, Any]) -> dict[str, Any] | None:
    """As fields of the document, and of its training: `layers`, `training.accumulation`; None where nothing helps."""
    prefix = "architecture."
    return {
        name.removeprefix(prefix) if name.startswith(prefix) else f"training.{name}": value
        for name, value in nearest.items()
    } or None
