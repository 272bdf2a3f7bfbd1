"""What a training read at one step, and with which weights that can be told: run folders in, the helper's answer out.

A batch is read again from the run's settings and tokens. Its loss needs weights, and those of every step were not kept: taken are the
newest saved ones that had not learned from the batch yet, which the answer names. `weights.kind`:

    saved   a checkpoint: the weights after `step` updates; where that is the step before, the loss is what the run recorded
    fresh   no checkpoint is that old: the weights that the run began with, drawn again from its seed
    begun   the same of a run that began with another model's weights (`init_from`)

A step that a continued run inherited is read as its parent read it.
"""

from dataclasses import dataclass
from typing import Any

from glassworks.common.errors import GlassworksError, InvalidSpec, NotFound
from glassworks.engine.lineage import read_lineage
from glassworks.engine.tools_client import ToolsClient
from glassworks.engine.training_text import datasets_of_tokens, label_of
from glassworks.specs.run import RunSpec
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

LIMIT_S = 300.0
ROWS = 4


@dataclass(frozen=True)
class Reader:
    """The training that read a step, and the newest weights before it. checkpoint: None for those that it began with."""

    run: RunFolder
    spec: RunSpec
    checkpoint: str | None
    weights_step: int
    weights_run: str


def read_batch(
    store: Store,
    tools: ToolsClient,
    run: RunFolder,
    step: int,
    row: int = 0,
    rows: int = ROWS,
    rank: int = 0,
) -> dict[str, Any]:
    """The batch of `step` (from 1) of a training run, `rows` rows from `row` on. Raises NotFound, InvalidSpec, BadData."""
    found = reader_of(store, run, step)
    asked = _asked(store, found, step, rank)
    lineage = read_lineage(store)
    datasets = datasets_of_tokens(lineage, asked["tokens"])
    asked["datasets"] = [one if one and store.artifacts.has(one) else None for one in datasets]
    told = tools.call("read_batch", {**asked, "row": row, "rows": rows}, LIMIT_S)
    labels = {one: label_of(store, lineage, one) for one in asked["datasets"] if one}
    for shown in told["rows"]:
        number = shown.pop("part_number")
        dataset = asked["datasets"][number] if number < len(asked["datasets"]) else None
        shown["dataset"] = dataset
        shown["dataset_label"] = labels.get(dataset) if dataset else None
    kind = "saved" if found.checkpoint else "begun" if asked["init_from"] else "fresh"
    weights = {
        "kind": kind,
        "step": found.weights_step,
        "run": found.weights_run,
        "checkpoint": found.checkpoint,
        "dtype": asked["dtype"],
    }
    assert found.spec.node is not None
    told.pop("weights_step")
    return {
        "run": found.run.id,
        "step": step,
        "last_step": int(found.spec.node.config["steps"]),
        "rank": rank,
        "world": asked["world"],
        "weights": weights,
        **told,
    }


def reader_of(store: Store, run: RunFolder, step: int) -> Reader:
    """Who read a step: the run, or of a continued one the run that it goes on from. Raises InvalidSpec, NotFound."""
    spec = run.spec()
    assert spec.node is not None
    last = int(spec.node.config["steps"])
    if not 1 <= step <= last:
        raise InvalidSpec(
            "no-such-step",
            f"Run {run.id} has the steps 1 to {last:,}, and no step {step:,}.",
            "Give one of them.",
            "step",
        )
    parent_id, _, from_step = (spec.node.starts_from or "").partition(":")
    if parent_id and step <= int(from_step):
        try:
            return reader_of(store, store.runs.get(parent_id), step)
        except NotFound as error:
            raise NotFound(
                "run-not-found",
                f"Step {step:,} was read by run {parent_id}, which run {run.id} goes on from; it is gone.",
                f"Look at the steps from {int(from_step) + 1:,} on.",
                "step",
            ) from error
    saved = [(one.step, one.artifact, run.id) for one in run.state().checkpoints]
    if parent_id:
        saved += _saved_by(store, parent_id, int(from_step))
    before = [one for one in saved if one[0] < step and store.artifacts.has(one[1])]
    if not before:
        return Reader(run, spec, None, 0, run.id)
    weights_step, checkpoint, weights_run = max(before)
    return Reader(run, spec, checkpoint, weights_step, weights_run)


def recorded_loss(run: RunFolder, step: int) -> float | None:
    """The loss that the run wrote down at a step, if it has done it."""
    rows = (row for row in run.metric_rows() if int(row["step"]) == step)
    return next((float(row["loss"]) for row in rows if "loss" in row), None)


def _saved_by(store: Store, run: str, until: int) -> list[tuple[int, str, str]]:
    """Checkpoints of the run that this one goes on from, and of those before it."""
    try:
        parent = store.runs.get(run)
        node = parent.spec().node
        saved = [(one.step, one.artifact, run) for one in parent.state().checkpoints]
    except GlassworksError:
        return []
    before, _, step = (node.starts_from or "" if node else "").partition(":")
    earlier = _saved_by(store, before, int(step)) if before else []
    return [one for one in saved if one[0] <= until] + earlier


def _asked(store: Store, found: Reader, step: int, rank: int) -> dict[str, Any]:
    node, inputs = found.spec.node, found.spec.inputs
    assert node is not None
    config, world = node.config, int(node.resources.get("world", 1))
    if not 0 <= rank < world:
        raise InvalidSpec(
            "no-such-rank",
            f"Run {found.run.id} trained on {world} processes, counted from 0; there is no {rank}.",
            "Leave it out for the first.",
            "rank",
        )
    is_fresh = found.checkpoint is None
    return {
        "store": str(store.root),
        "tokens": inputs["train"],
        "tokenizer": inputs["tokenizer"],
        "architecture": inputs["architecture"],
        "checkpoint": found.checkpoint,
        "init_from": inputs.get("init_from") if is_fresh else None,
        "seed": int(config["seed"]),
        "step": step,
        "batch_size": int(config["batch_size"]),
        "rank": rank,
        "world": world,
        "is_across_documents": bool(config.get("attention_across_documents", False)),
        "dtype": str(node.resources.get("dtype", "fp32")),
    }
