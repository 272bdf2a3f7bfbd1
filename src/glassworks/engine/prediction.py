"""What a training is expected to need, written down before it begins; `measuring.py` has what it came to in the end.

In: a stage run that builds a model. Out: an event of its ledger, `run.predicted`, which stays with the run for good.
Unusual: a prediction that cannot be made keeps nobody from training.
"""

from typing import Any

from glassworks.common.errors import GlassworksError
from glassworks.engine.architectures import document_of
from glassworks.engine.estimate import estimate_node, expected_final_loss
from glassworks.engine.history import speed_history
from glassworks.engine.known import figure
from glassworks.engine.workshop import Workshop
from glassworks.specs.events import RunPredicted
from glassworks.specs.machine import MachineSpec
from glassworks.specs.run import RunSpec
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store


def record_prediction(workshop: Workshop, run: RunFolder, machine: MachineSpec) -> None:
    """Once, before the first attempt of a training. Only the supervisor may."""
    spec = run.spec()
    if not is_training(spec) or run.attempt_numbers() or run.state().prediction is not None:
        return
    try:
        figures = _figures(workshop, spec, machine)
    except (GlassworksError, OSError, ValueError):
        return
    if figures:
        run.record(_predicted(figures, _asked_s(workshop.store, spec)))


def is_training(spec: RunSpec) -> bool:
    """Whether a run builds a model and learns in steps."""
    node = spec.node
    return node is not None and "architecture" in spec.inputs and "steps" in node.config


def _figures(workshop: Workshop, spec: RunSpec, machine: MachineSpec) -> dict[str, Any]:
    assert spec.node is not None
    figures = estimate_node(
        workshop,
        spec.node.stage,
        spec.node.config,
        document_of(workshop.store, spec.inputs["architecture"]),
        figure(workshop.store, spec.inputs.get("tokenizer"), "vocab_size"),
        machine,
        speed_history(workshop.store, machine),
    )
    if "num_tokens" not in figures:
        return {}
    last = expected_final_loss(
        workshop.store, figures["parameters"], figures["num_tokens"], spec.inputs
    )
    first = {"first_loss": None} if "init_from" in spec.inputs else {}
    return {**figures, **first, **last}


def _predicted(figures: dict[str, Any], asked_s: float | None) -> RunPredicted:
    memory = figures.get("memory_bytes", {}).get("total")
    program = figures.get("program_bytes", 0)
    return RunPredicted(
        asked_s=asked_s,
        time_s=figures.get("time_s"),
        time_error=figures.get("time_error"),
        based_on_runs=figures.get("based_on_runs", 0),
        memory_bytes=None if memory is None else memory + program,
        program_bytes=None if memory is None else program,
        disk_bytes=figures.get("disk_bytes", {}).get("total"),
        first_loss=figures.get("first_loss"),
        final_loss=figures.get("predicted_final_loss"),
        final_loss_range=figures.get("predicted_final_loss_range"),
    )


def _asked_s(store: Store, spec: RunSpec) -> float | None:
    minutes = store.runs.get(spec.flow_run).spec().minutes if spec.flow_run else None
    return None if minutes is None else 60 * minutes
