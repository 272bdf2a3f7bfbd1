"""What a training stage will need: `{stage, config, architecture, vocab_size, machine, history, free_disk_bytes}` -> figures.

Arithmetic over the architecture's shape table. `least_time_s` is what the measured matrix rate allows if nothing else
cost anything; `time_s` leans on what earlier runs reached (`history`). Both are None where nothing is known. The figures
of a stage without steps or a batch are those of its model alone.
"""

from typing import Any

from pydantic import ValidationError

from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.shapes import shape_table
from glassworks.specs.base import Config, Spec, invalid_spec
from glassworks.specs.machine import MachineSpec
from glassworks.specs.speed import SpeedHistory
from glassworks.specs.stage import Resources
from glassworks.stages import STAGES
from glassworks.worker.ops._training import model_figures, training_figures
from glassworks.worker.ops.base import Op


class Estimate(Op):
    """Estimate parameters, work, memory, disk and time of a training."""

    class Args(Spec):
        stage: str
        config: dict[str, Any] = {}
        architecture: dict[str, Any]
        vocab_size: int | None = None
        machine: dict[str, Any] = {}
        history: SpeedHistory = SpeedHistory()
        free_disk_bytes: int | None = None

    def run(self, args: Args) -> dict[str, Any]:
        architecture = parse_architecture(args.architecture)
        if args.vocab_size is not None:
            architecture = architecture.with_vocab_size(args.vocab_size)
        table = shape_table(architecture)
        config, resources = _resolve(args)
        machine = MachineSpec.model_validate(args.machine) if args.machine else None
        return {
            **model_figures(table, resources.dtype),
            **training_figures(
                architecture, config, resources, machine, args.history, args.free_disk_bytes
            ),
        }


def _resolve(args: Estimate.Args) -> tuple[Config, Resources]:
    stage = STAGES.load(args.stage)
    try:
        config: Config = stage.resolve(stage.Config.model_validate(args.config), args.machine)
    except ValidationError as error:
        raise invalid_spec(error, args.stage, spec=stage.Config) from error
    return config, stage.resources(config)
