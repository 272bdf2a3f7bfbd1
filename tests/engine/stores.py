"""Stores made by hand: artifacts, runs with checkpoints, and items, without any worker."""

from pathlib import Path

from glassworks.common.ids import new_run_id
from glassworks.specs.artifact import ArtifactKind
from glassworks.specs.events import (
    AttemptEnded,
    AttemptStarted,
    CheckpointSaved,
    EvaluationRecorded,
    NodeDecided,
    RunDone,
)
from glassworks.specs.flow import NodeSpec, PlannedNode, PlanSpec, RecipeSpec
from glassworks.specs.run import RunSpec
from glassworks.storage.runs import RunFolder, now_done
from glassworks.storage.store import Store


def make_artifact(store: Store, kind: ArtifactKind, text: str) -> str:
    """An artifact with one small file."""
    folder = store.root / "made"
    folder.mkdir(exist_ok=True)
    file = folder / "content.txt"
    file.unlink(missing_ok=True)
    file.write_text(text)
    return store.artifacts.publish(kind, {"content.txt": file}, {}).id


def make_training(store: Store, name: str, is_done: bool = True) -> tuple[RunFolder, RunFolder]:
    """(flow run, its one stage run): checkpoints at 10, 20, 30, the best at 20."""
    stage = store.runs.create(_spec("stage", f"{name}/train"))
    attempt = stage.new_attempt()
    stage.record(AttemptStarted(attempt=1))
    for step, loss in ((10, 3.0), (20, 1.0), (30, 2.0)):
        artifact = make_artifact(store, "checkpoint", f"{name} {step}")
        attempt.events.append(
            EvaluationRecorded(step=step, values={"validation_loss": loss}).to_json(),
            CheckpointSaved(step=step, artifact=artifact).to_json(),
        )
    flow = store.runs.create(_spec("flow", name))
    decided = NodeDecided(node="train", action="run", key="k", run=stage.id, reason="never run")
    flow.record(decided)
    if is_done:
        outputs = {"checkpoint": make_artifact(store, "checkpoint", f"{name} 30")}
        stage.finish(now_done(outputs, {}))
        stage.record(AttemptEnded(attempt=1, outcome="done"), RunDone(outputs=outputs))
        named = {f"train.{port}": artifact for port, artifact in outputs.items()}
        named["train.report"] = make_artifact(store, "evaluation", f"{name} report")
        flow.finish(now_done(named, {}))
        flow.record(RunDone(outputs=named))
    return flow, stage


def checkpoint(store: Store, name: str, step: int) -> str:
    return make_artifact(store, "checkpoint", f"{name} {step}")


def same_beginning(store: Store, artifact: str) -> str:
    """Another artifact folder whose id begins with the same eight digits."""
    other = artifact[:8] + "".join("0" if digit != "0" else "1" for digit in artifact[8:])
    folder = store.artifacts.folder(other)
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_bytes(
        (store.artifacts.folder(artifact) / "manifest.json").read_bytes()
    )
    return other


def _spec(kind: str, name: str) -> RunSpec:
    node = PlannedNode(
        name="train",
        stage="train_model",
        version=1,
        config={},
        hashed_config={},
        inputs={},
        outputs={"checkpoint": "checkpoint"},
    )
    recipe = RecipeSpec(
        name="made-up",
        title="Made up",
        output="train.checkpoint",
        nodes={"train": NodeSpec(stage="train_model")},
    )
    return RunSpec.model_validate(
        {
            "id": new_run_id(),
            "kind": kind,
            "name": name,
            "created_at": "2026-01-01T00:00:00.000000Z",
            "key": "k",
            "node": node if kind == "stage" else None,
            "plan": PlanSpec(recipe=recipe, output_name=name, nodes=(node,))
            if kind == "flow"
            else None,
        }
    )


def flip_bit(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[0] ^= 1
    file.chmod(0o644)
    file.unlink()
    file.write_bytes(data)
