"""Real run folders without a worker: what a run of a small recipe leaves behind, written through the storage."""

import json
import math
from datetime import timedelta
from pathlib import Path
from typing import Any

from glassworks.common.clock import parse_utc, utc_now
from glassworks.common.hashing import hash_json
from glassworks.common.ids import new_run_id
from glassworks.specs.artifact import ArtifactKind
from glassworks.specs.events import (
    AttemptEnded,
    AttemptStarted,
    ErrorSpec,
    EvaluationRecorded,
    NodeDecided,
    RunDone,
    RunFailed,
    RunProgress,
    RunStopped,
    SampleDrawn,
)
from glassworks.specs.flow import NodeAction, NodeSpec, PlannedNode, PlanSpec, RecipeSpec
from glassworks.specs.run import RunSpec
from glassworks.storage.runs import RunFolder, now_done
from glassworks.storage.store import Store, open_store

STEPS = 1300
NODES: dict[str, tuple[str, dict[str, ArtifactKind]]] = {
    "data": ("import_dataset", {"dataset": "dataset"}),
    "tokenizer": ("train_tokenizer", {"tokenizer": "tokenizer"}),
    "train": ("train_model", {"checkpoint": "checkpoint"}),
    "evaluate": ("evaluate_model", {"evaluation": "evaluation"}),
}
SUMMARIES: dict[str, dict[str, Any]] = {
    "dataset": {"documents": 38, "bytes": 5_310_000},
    "tokenizer": {"kind": "byte_bpe", "vocab_size": 2048},
    "checkpoint": {"step": STEPS, "parameters": 1_340_000, "tokens": 5_300_000},
    "evaluation": {"validation_loss": 4.153, "bits_per_byte": 1.919, "yardsticks": {}},
}
SAMPLE = "KING HENRY.\nMy lord, I will not speak of him.\nIf he be dead, then let the people come\nAnd hear what I have\x1b[31m said.\n"
EVALUATION = {
    "format": 1,
    "step": STEPS,
    "loss": {"nats_per_token": 4.153, "bits_per_byte": 1.919, "num_tokens": 90, "num_bytes": 230_000},
    "yardsticks": [
        {"kind": "uniform", "label": "uniform guess", "loss": {"nats_per_token": 7.625, "bits_per_byte": 4.29}},
        {"kind": "ngram", "label": "5-gram", "loss": {"nats_per_token": 4.5, "bits_per_byte": 2.071}},
    ],
    "scores": [{"kind": "exact_match", "value": 0.955, "low": 0.93, "high": 0.972, "num_items": 400}],
    "samples": [{"step": STEPS, "prompt": p, "text": SAMPLE, "seed": 1, "temperature": 0.8} for p in ("", "ROMEO.\n", "To be")],
}  # fmt: skip


class SyntheticRun:
    """A flow run in a store of its own, advanced by hand."""

    def __init__(self, root: Path, store: Store | None = None) -> None:
        self.root = root
        self.store = store or open_store(root / "store")
        nodes = tuple(
            PlannedNode(
                name=name, stage=stage, version=1, config={}, hashed_config={}, inputs={}, outputs=outputs
            )
            for name, (stage, outputs) in NODES.items()
        )  # fmt: skip
        recipe = RecipeSpec(
            name="first-model",
            title="A first model, from the plays of Shakespeare",
            output="train.checkpoint",
            next_steps=('`glassworks generate first-model "To be"` lets it write',),
            nodes={name: NodeSpec(stage=stage) for name, (stage, _) in NODES.items()},
        )
        self.flow = self._create(
            "flow", "first-model", plan=PlanSpec(recipe=recipe, output_name="first-model", nodes=nodes)
        )  # fmt: skip
        self.outputs: dict[str, str] = {}

    def decide(
        self, node: str, action: NodeAction = "run", reason: str = "never run", run: str = ""
    ) -> RunFolder:
        """The flow's decision about a node, and the stage run that answers it."""
        plan = self.flow.spec().plan
        assert plan is not None
        planned = next(n for n in plan.nodes if n.name == node)
        if run:
            child = self.store.runs.get(run)
        else:
            child = self._create(
                "stage", f"first-model/{node}", node=planned, flow_run=self.flow.id
            )
        self.flow.record(
            NodeDecided(node=node, action=action, key="k", run=child.id, reason=reason)
        )
        return child

    def work(self, child: RunFolder, *events: Any, rows: int = 0, from_step: int = 0) -> None:
        """One attempt that began 20 s ago and has written `events` and `rows` step rows."""
        attempt = child.new_attempt()
        child.record(AttemptStarted(time=ago(20), attempt=attempt.number, from_step=from_step))
        attempt.events.append(*(event.to_json() for event in events))
        attempt.metrics.append(*(row(step) for step in range(from_step + 1, rows + 1)))

    def finish(self, child: RunFolder) -> None:
        """The stage run is done, with the artifacts of its kind."""
        outputs = {}
        spec = child.spec().node
        assert spec is not None
        for name, kind in spec.outputs.items():
            outputs[name] = self.publish(kind)
            self.outputs[f"{spec.name}.{name}"] = outputs[name]
        child.finish(now_done(outputs, {}))
        number = child.attempt_numbers()[-1] if child.attempt_numbers() else 1
        child.record(AttemptEnded(attempt=number, outcome="done"), RunDone(outputs=outputs))

    def publish(self, kind: ArtifactKind) -> str:
        folder = self.root / f"{kind}-files"
        folder.mkdir(exist_ok=True)
        document: Any = EVALUATION if kind == "evaluation" else {"kind": kind}
        (folder / f"{kind}.json").write_text(json.dumps(document))
        return self.store.artifacts.publish_folder(kind, folder, SUMMARIES[kind]).id

    def end(self) -> None:
        """The flow run is done, its model has a name."""
        model = self.outputs["train.checkpoint"]
        self.store.items.add_version("model", "first-model", model, self.flow.id)
        self.flow.finish(now_done(self.outputs, {}))
        self.flow.record(RunDone(outputs=self.outputs))

    def stop(self, child: RunFolder) -> None:
        child.record(AttemptEnded(attempt=1, outcome="stopped"), RunStopped())
        self.flow.record(RunStopped())

    def fail(self, child: RunFolder) -> None:
        error = ErrorSpec(
            type="Diverged", code="diverged", message="The loss is no number.", hint="Lower the rate."
        )  # fmt: skip
        child.record(AttemptEnded(attempt=1, outcome="failed", error=error), RunFailed(error=error))
        self.flow.record(RunFailed(error=error))

    def _create(self, kind: Any, name: str, **fields: Any) -> RunFolder:
        id_ = new_run_id()
        return self.store.runs.create(
            RunSpec(
                id=id_, kind=kind, name=name, created_at=utc_now(), key=hash_json(id_), **fields
            )
        )


def training_run(root: Path, step: int = 640) -> SyntheticRun:
    """A run whose data is reused, whose tokenizer is done, and which trains at `step`."""
    before = SyntheticRun(root)
    old = before.decide("data")
    before.work(old)
    before.finish(old)
    run = SyntheticRun(root, before.store)
    run.decide("data", "reuse", "nothing changed", old.id)
    run.outputs |= before.outputs
    tokenizer = run.decide("tokenizer")
    run.work(tokenizer, RunProgress(done=38, total=38, unit="documents", phase="learning merges"))
    run.finish(tokenizer)
    train = run.decide("train", reason="config steps: 1200 → 1300")
    run.work(
        train,
        RunProgress(time=ago(20), done=0, total=STEPS, unit="steps", phase="training"),
        EvaluationRecorded(step=0, values={"validation_loss": 7.6, "bits_per_byte": 4.3}),
        EvaluationRecorded(step=step // 2, values={"validation_loss": 5.1, "bits_per_byte": 2.4}),
        SampleDrawn(step=step // 2, prompt="", text=SAMPLE, seed=1, temperature=0.8),
        RunProgress(done=step, total=STEPS, unit="steps", phase="training"),
        rows=step,
    )
    return run


def done_run(root: Path) -> SyntheticRun:
    run = training_run(root, STEPS)
    train = run.store.runs.get(run.flow.state().nodes["train"].run)
    run.finish(train)
    evaluate = run.decide("evaluate")
    run.work(evaluate)
    run.finish(evaluate)
    run.end()
    return run


def row(step: int) -> dict[str, float]:
    """A step row as training writes it: the loss falls with a little noise."""
    loss = 4.1 + 3.5 * math.exp(-step / 150) + 0.08 * math.sin(7.3 * step)
    return {"step": step, "loss": loss, "tokens_per_s": 31_600.0, "utilization": 0.506, "tokens": step * 4096}  # fmt: skip


def ago(seconds: float) -> str:
    return (parse_utc(utc_now()) - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
