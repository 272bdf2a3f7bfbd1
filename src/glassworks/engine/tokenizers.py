"""Tokenizers that a person names: where each lies, which there are, and which texts one was learned from.

In: a reference (of a tokenizer, or of a model, which stands for the tokenizer that it speaks through) or `known:NAME`; on the
command line also a file or folder. Out: what the helper opens.
Unusual: `find_tokenizer` takes references only, so that whoever asks over HTTP can never name a path of this machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from glassworks.common.errors import BadData, Conflict, GlassworksError, InvalidSpec, NotFound
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.model import tokenizer_of
from glassworks.engine.references import Resolved, resolve_artifact
from glassworks.specs.item import ItemSpec
from glassworks.storage.items import check_name
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

KNOWN_PREFIX = "known:"
Kind = Literal["item", "model", "known", "artifact"]


@dataclass(frozen=True)
class NamedTokenizer:
    """where: what the helper opens. artifact, run: None for a known one; run also where nobody knows who made it."""

    ref: str
    where: str
    label: str
    kind: Kind
    artifact: str | None = None
    run: str | None = None


def find_tokenizer(store: Store, ref: str, project: str = DEFAULT_PROJECT) -> NamedTokenizer:
    """The tokenizer behind a reference, never a path. Raises NotFound, Conflict, InvalidSpec."""
    if ref.startswith(KNOWN_PREFIX):
        return NamedTokenizer(ref, ref, ref.removeprefix(KNOWN_PREFIX), "known")
    try:
        source = resolve_artifact(store, ref, "tokenizer", project)
        artifact = source.artifact
    except (InvalidSpec, Conflict) as error:  # a model's name, or a run that has no tokenizer
        try:
            source = resolve_artifact(store, ref, "checkpoint", project)
        except (InvalidSpec, Conflict, NotFound):
            raise error from None
        artifact = tokenizer_of(store, source)
    where = str(store.artifacts.path(artifact))
    return NamedTokenizer(ref, where, _label(source), _kind(source), artifact, source.run)


def locate(store: Store, text: str, project: str) -> str:
    """Where the helper finds what a command names: what exists as a path is that path. Raises as `find_tokenizer`."""
    if not text.startswith(KNOWN_PREFIX) and Path(text).exists():
        return str(Path(text).absolute())
    return find_tokenizer(store, text, project).where


def list_tokenizers(store: Store, project: str = DEFAULT_PROJECT) -> list[dict[str, Any]]:
    """`{ref, label, kind, name, version, artifact, run, created_at, vocab_size, type, is_present}`: items, then models'."""
    check_name(project)
    items = list(store.items.all(project))
    return [
        _row(store, item) for kind in ("tokenizer", "model") for item in items if item.kind == kind
    ]


def learned_from(store: Store, named: NamedTokenizer) -> str | None:
    """Artifact id of the dataset that a tokenizer was learned from, where its runs tell and the store still has it."""
    made = _makers(store, named)
    artifact = named.artifact
    for _ in range(len(made)):
        inputs = made.get(artifact or "", {})
        if "dataset" in inputs:
            return inputs["dataset"] if store.artifacts.has(inputs["dataset"]) else None
        artifact = inputs.get("tokenizer")  # extended from another one
    return None


def _label(source: Resolved) -> str:
    kind, slash, rest = source.label.partition("/")
    return rest if slash and kind in ("tokenizer", "model") else source.label


def _kind(source: Resolved) -> Kind:
    if source.kind == "checkpoint":
        return "model"
    return "item" if source.label.startswith("tokenizer/") else "artifact"


def _row(store: Store, item: ItemSpec) -> dict[str, Any]:
    """An item whose tokenizer is gone is still listed, and says so."""
    latest = item.latest
    row: dict[str, Any] = {
        "ref": f"{item.kind}/{item.name}",
        "label": f"{item.name}@{latest.number}",
        "kind": "item" if item.kind == "tokenizer" else "model",
        "name": item.name,
        "version": latest.number,
        "artifact": None,
        "run": latest.run,
        "created_at": latest.created_at,
        "vocab_size": None,
        "type": None,
        "is_present": False,
    }
    try:
        artifact = latest.artifact
        if item.kind == "model":
            source = Resolved(artifact, "checkpoint", row["ref"], latest.run)
            artifact = tokenizer_of(store, source)
        summary = store.artifacts.manifest(artifact).summary
    except (NotFound, BadData, OSError, ValueError):
        return row
    figures = {"vocab_size": summary.get("vocab_size"), "type": summary.get("kind")}
    return row | {"artifact": artifact, "is_present": True} | figures


def _makers(store: Store, named: NamedTokenizer) -> dict[str, dict[str, str]]:
    """Artifact -> inputs of the run that made it, for every stage of the flow that made the tokenizer."""
    try:
        runs = list(_stage_runs(store, named.run)) if named.run else []
        done = [done for run in runs if (done := run.done()) is not None]
    except GlassworksError:  # a run was deleted, the tokenizer stayed
        return {}
    return {artifact: one.inputs for one in done for artifact in one.outputs.values()}


def _stage_runs(store: Store, run_id: str) -> Iterator[RunFolder]:
    run = store.runs.get(run_id)
    spec = run.spec()
    if spec.kind == "stage":
        yield run
        if spec.flow_run is None:
            return
        run = store.runs.get(spec.flow_run)
    for decision in run.state().nodes.values():
        yield store.runs.get(decision.run)
