"""Trainings as they can be held against each other: what was set, what was measured, which ones are repeats.

In: a reference to a run. Out: a `Training`, read from its folder; and its repeats, the finished trainings of this store that
differ from it in nothing but a seed. Unusual: the settings are those of every stage that the training goes back to, found by
lineage, so that a run that reused a dataset is compared by how that dataset was made.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from glassworks.common.errors import GlassworksError, InvalidSpec
from glassworks.common.hashing import hash_json
from glassworks.engine.lineage import Lineage, Work
from glassworks.engine.references import resolve_run
from glassworks.engine.sweep_table import best_child
from glassworks.flow.sweep import SEED, is_seed
from glassworks.specs.events import EvaluationRecorded
from glassworks.specs.run import RunSpec, RunState
from glassworks.storage.atomic import read_json
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

VARIANT = re.compile(r"-\d+(-rung-\d+)?$|-rung-\d+$")
"""What a sweep adds to a node's name."""
KEPT = 512


@dataclass(frozen=True)
class Training:
    """One training run. `asked` is the run that was named, a flow or the training itself."""

    store: Store
    asked: RunFolder
    run: RunFolder
    spec: RunSpec
    state: RunState
    rows: list[dict[str, float]] = field(repr=False)

    @property
    def config(self) -> dict[str, Any]:
        return self.spec.node.config if self.spec.node else {}

    @property
    def seed(self) -> int | None:
        seed = self.config.get(SEED)
        return seed if isinstance(seed, int) else None

    @cached_property
    def seconds(self) -> list[float]:
        """Time spent in steps up to each row: from tokens and speed, so that pauses do not count."""
        found, total, before = [], 0.0, 0.0
        for row in self.rows:
            tokens, speed = row.get("tokens", 0.0), row.get("tokens_per_s", 0.0)
            total += (tokens - before) / speed if speed else 0.0
            before = tokens
            found.append(total)
        return found

    @property
    def final(self) -> EvaluationRecorded | None:
        """The last measurement on held-out text."""
        return self.state.evaluations[-1] if self.state.evaluations else None

    @property
    def duration_s(self) -> float | None:
        return self.state.duration_s

    @property
    def parameters(self) -> int | None:
        """Of the model, as its checkpoint says."""
        for artifact in (
            *self.state.outputs.values(),
            *(c.artifact for c in self.state.checkpoints),
        ):
            try:
                found = self.store.artifacts.manifest(artifact).summary.get("parameters")
            except GlassworksError:
                continue
            if isinstance(found, int):
                return found
        return None


def read_training(store: Store, run: RunFolder, asked: RunFolder | None = None) -> Training:
    """A training run read in full; a finished one is read once in a process."""
    if run.done_file.exists():
        spec, state, rows = _finished(str(run.path))
    else:
        spec, state, rows = run.spec(), run.state(), run.metric_rows()
    return Training(store, asked or run, run, spec, state, rows)


@lru_cache(maxsize=KEPT)
def _finished(path: str) -> tuple[RunSpec, RunState, list[dict[str, float]]]:
    run = RunFolder(Path(path))
    return run.spec(), run.state(), run.metric_rows()


def find_training(store: Store, reference: str) -> Training:
    """The training that a run's id or name means; of a sweep the best variant's. Raises NotFound, InvalidSpec."""
    asked = resolve_run(store, reference)
    return read_training(store, _training_run(store, asked), asked)


def _training_run(store: Store, asked: RunFolder) -> RunFolder:
    spec = asked.spec()
    if spec.kind == "stage":
        candidates = [asked]
    elif spec.plan is not None and spec.plan.sweep is not None:
        candidates = [best_child(store, asked)]
    else:
        candidates = [store.runs.get(d.run) for d in asked.state().nodes.values()]
    trained = [run for run in candidates if "loss" in next(iter(run.metric_rows()), {})]
    if not trained:
        raise InvalidSpec(
            "nothing-trained",
            f"Run {asked.id} has trained nothing yet.",
            "Choose runs with a loss curve.",
            asked.id,
        )
    return trained[-1]


def identity(work: Work) -> str:
    """Equal for trainings that differ in nothing but a seed."""
    config = {name: value for name, value in work.config.items() if name != SEED}
    return hash_json([work.stage, config, work.inputs])


def repeats_of(training: Training, lineage: Lineage) -> list[Training]:
    """Finished trainings that differ in nothing but a seed, one for each seed, itself first."""
    own = next((work for work in lineage.works if work.run == training.run.id), None)
    found = {training.seed: training}
    if own is None:
        return [training]
    for work in lineage.works:
        if not work.is_done or work.run == own.run or identity(work) != identity(own):
            continue
        other = read_training(training.store, training.store.runs.get(work.run))
        found.setdefault(other.seed, other)
    return list(found.values())


def settings_of(training: Training, lineage: Lineage) -> dict[str, Any]:
    """`node.field` -> value of every stage that the training goes back to, and of the architecture."""
    found: dict[str, Any] = {}
    works = {work.run: work for work in lineage.works}
    waiting, seen = [training.run.id], set()
    while waiting:
        run = waiting.pop()
        work = works.get(run)
        if work is None or run in seen:
            continue
        seen.add(run)
        node = VARIANT.sub("", work.name.rpartition("/")[2])
        _collect(found, node, work.config)
        for port, artifact in work.inputs.items():
            if work.kinds.get(port) == "architecture":
                _collect(found, f"{node}.{port}", _document(training.store, artifact))
            maker = lineage.maker(artifact)
            if maker is not None:
                waiting.append(maker.run)
            elif work.kinds.get(port) != "architecture":
                found[f"{node}.{port}"] = artifact[:12]
    return found


def _collect(found: dict[str, Any], prefix: str, value: Any) -> None:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            _collect(found, f"{prefix}.{key}", inner)
    else:
        found[prefix] = value


def _document(store: Store, artifact: str) -> Any:
    try:
        return read_json(store.artifacts.path(artifact) / "architecture.json")
    except (GlassworksError, OSError, ValueError):
        return artifact[:12]


__all__ = [
    "Training",
    "find_training",
    "identity",
    "is_seed",
    "read_training",
    "repeats_of",
    "settings_of",
]
