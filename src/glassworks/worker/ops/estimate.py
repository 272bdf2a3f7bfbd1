"""What a training stage will need: `{stage, config, architecture, vocab_size, machine, utilization}` -> figures.

Arithmetic over the architecture's shape table. `least_time_s` is what the measured matrix rate allows if nothing else
cost anything; `time_s` needs the share of that rate that earlier runs reached (`utilization`). Both are None where
nothing is known. The figures of a stage without steps or a batch are those of its model alone.
"""

from typing import Any

from pydantic import Field, ValidationError

from glassworks.lm.estimate.cost import (
    cache_bytes_per_token,
    checkpoint_bytes,
    training_duration_s,
    training_flops_per_token,
    training_memory,
)
from glassworks.lm.estimate.table import ShapeTable
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.shapes import shape_table
from glassworks.lm.train.optimizers import OPTIMIZERS
from glassworks.specs.base import Config, Spec, invalid_spec
from glassworks.specs.machine import MachineSpec
from glassworks.specs.stage import Resources
from glassworks.stages import STAGES
from glassworks.worker.ops.base import Op

ADAM_MOMENTS = 2.0


class Estimate(Op):
    """Estimate parameters, work, memory and time of a training."""

    class Args(Spec):
        stage: str
        config: dict[str, Any] = {}
        architecture: dict[str, Any]
        vocab_size: int | None = None
        machine: dict[str, Any] = {}
        utilization: float | None = Field(default=None, gt=0)

    def run(self, args: Args) -> dict[str, Any]:
        table = shape_table(parse_architecture(args.architecture), args.vocab_size)
        config, resources = _resolve(args)
        machine = MachineSpec.model_validate(args.machine) if args.machine else None
        return {
            "parameters": table.num_parameters,
            "flops_per_token": training_flops_per_token(table),
            "checkpoint_bytes": checkpoint_bytes(table),
            "cache_bytes": cache_bytes_per_token(table, resources.dtype) * table.context,
            **_training(table, config, resources, machine, args.utilization),
        }


def _resolve(args: Estimate.Args) -> tuple[Config, Resources]:
    stage = STAGES.load(args.stage)
    try:
        config: Config = stage.resolve(stage.Config.model_validate(args.config), args.machine)
    except ValidationError as error:
        raise invalid_spec(error, args.stage) from error
    return config, stage.resources(config)


def _training(
    table: ShapeTable,
    config: Any,
    resources: Resources,
    machine: MachineSpec | None,
    utilization: float | None,
) -> dict[str, Any]:
    steps, batch_size = getattr(config, "steps", None), getattr(config, "batch_size", None)
    if not steps or not batch_size:
        return {}
    num_tokens = steps * batch_size * table.context
    at_once = batch_size * table.context // getattr(config, "accumulation", 1)
    is_checkpointed = bool(getattr(config, "activation_checkpointing", False))
    memory = training_memory(table, at_once, resources.dtype, _moments(config), is_checkpointed)
    where = (machine, resources.device, resources.dtype)
    return {
        "steps": steps,
        "num_tokens": num_tokens,
        "training_flops": training_flops_per_token(table) * num_tokens,
        "memory_bytes": {**memory.to_json(), "total": memory.total},
        "least_time_s": training_duration_s(table, num_tokens, *where),
        "time_s": utilization and training_duration_s(table, num_tokens, *where, utilization),
    }


def _moments(config: Any) -> float:
    """fp32 numbers that the optimizer keeps per weight; an optimizer that keeps fewer than Adam's two may say so."""
    kind = getattr(getattr(config, "optimizer", None), "kind", None)
    optimizer = OPTIMIZERS.load(kind) if kind else None
    return float(getattr(optimizer, "moments_per_parameter", ADAM_MOMENTS))
