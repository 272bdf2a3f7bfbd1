"""Finished trainings made by hand: rows, evaluations, a checkpoint that knows its size, without any worker."""

import math
from typing import Any

from glassworks.common.clock import utc_now
from glassworks.common.ids import new_run_id
from glassworks.specs.events import AttemptEnded, AttemptStarted, EvaluationRecorded, RunDone
from glassworks.specs.flow import PlannedInput, PlannedNode
from glassworks.specs.run import RunSpec
from glassworks.storage.runs import RunFolder, now_done
from glassworks.storage.store import Store

TOKENS_PER_STEP = 512


def add_training(
    store: Store,
    name: str,
    parameters: int,
    loss: float,
    seed: int = 1,
    steps: int = 20,
    text: str = "plays",
    **config: Any,
) -> RunFolder:
    """A finished stage run `train_model` that ends with `loss` on held-out text."""
    inputs = {
        "architecture": _artifact(store, "architecture", f"{parameters}"),
        "train": _artifact(store, "tokens", f"{text} train"),
        "validation": _artifact(store, "tokens", f"{text} held out"),
    }
    settled = {"steps": steps, "seed": seed, **config}
    run = store.runs.create(_spec(name, settled, inputs))
    attempt = run.new_attempt()
    run.record(AttemptStarted(attempt=1))
    for step in range(1, steps + 1):
        attempt.metrics.append(
            {
                "step": step,
                "loss": loss + math.exp(-step / 5),
                "tokens": step * TOKENS_PER_STEP,
                "tokens_per_s": 1024.0,
                "memory_bytes": 10**8,
            }
        )
    values = {"validation_loss": loss, "bits_per_byte": loss / 2}
    attempt.events.append(
        EvaluationRecorded(step=steps // 2, values={k: v + 1 for k, v in values.items()}).to_json(),
        EvaluationRecorded(step=steps, values=values).to_json(),
    )
    summary = {"parameters": parameters, "step": steps}
    made = _artifact(store, "checkpoint", f"{name} {seed} {loss}", summary)
    run.finish(now_done({"checkpoint": made}, inputs))
    run.record(AttemptEnded(attempt=1, outcome="done"), RunDone(outputs={"checkpoint": made}))
    return run


def _artifact(store: Store, kind: Any, text: str, summary: dict[str, Any] | None = None) -> str:
    folder = store.root / "made"
    folder.mkdir(exist_ok=True)
    name = "architecture.json" if kind == "architecture" else "content.txt"
    file = folder / name
    file.unlink(missing_ok=True)
    file.write_text(f'{{"width": {text}}}' if kind == "architecture" else text)
    return store.artifacts.publish(kind, {name: file}, summary or {}).id


def _spec(name: str, config: dict[str, Any], inputs: dict[str, str]) -> RunSpec:
    kinds: dict[str, Any] = {"architecture": "architecture", "train": "tokens", "validation": "tokens"}  # fmt: skip
    node = PlannedNode(
        name="train",
        stage="train_model",
        version=1,
        config=config,
        hashed_config=config,
        inputs={port: PlannedInput(kind=kinds[port], artifact=id_) for port, id_ in inputs.items()},
        outputs={"checkpoint": "checkpoint"},
    )
    return RunSpec(
        id=new_run_id(),
        kind="stage",
        name=f"{name}/train",
        created_at=utc_now(),
        key="k",
        node=node,
        inputs=inputs,
    )
