"""Datasets as people ask about them: where one comes from, what each step did to it, what became of it, who uses it.

In: the store and a reference. Out: plain dictionaries, the one source of the commands `dataset ...` and of the pages. Nothing
here reads a document: that is the helper's (`read_documents`).
"""

import json
from pathlib import Path
from typing import Any, Literal

from glassworks.common.errors import BadData, GlassworksError, InvalidSpec, NotFound
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.lineage import Lineage, Work, read_lineage
from glassworks.engine.listing import status_of
from glassworks.engine.references import Resolved, pick_version, resolve_artifact
from glassworks.engine.short_settings import short_settings
from glassworks.specs.artifact import ManifestSpec
from glassworks.specs.item import ItemSpec, VersionSpec
from glassworks.storage.items import check_name
from glassworks.storage.store import Store

KIND: Literal["dataset"] = "dataset"
IMPORT, CLEAN, SPLIT, DESCRIBE = (
    "import_dataset",
    "clean_dataset",
    "split_dataset",
    "describe_dataset",
)
INDEX = "index_text"
AIDS = (DESCRIBE, INDEX)
"""Stages that only make something by which a dataset is looked at: who ran them does not need it."""
REPORT = "cleaning.json"
SPLIT_REPORT = "split.json"


def find_dataset(store: Store, ref: str, project: str = DEFAULT_PROJECT) -> Resolved:
    """The dataset that `ref` means: name, name@2, a run, or an id. Raises NotFound, Conflict, InvalidSpec.

    A name is found also when its artifact is gone, so that it can be looked at and deleted.
    """
    base, _, version = ref.partition("@")
    try:
        item = store.items.get(KIND, base.removeprefix(f"{KIND}/"), project)
    except (NotFound, InvalidSpec):
        return resolve_artifact(store, ref, KIND, project)
    found = pick_version(item, version)
    label = f"{KIND}/{item.name}@{found.number}"
    return Resolved(found.artifact, KIND, label, found.run)


def dataset_names(store: Store, project: str) -> list[str]:
    """The datasets of a project, in order; nothing is read. Raises InvalidSpec for what is no project's name."""
    check_name(project)
    return sorted(path.stem for path in store.items.files(project) if path.parent.name == KIND)


def list_datasets(store: Store, project: str = DEFAULT_PROJECT) -> list[dict[str, Any]]:
    """Each dataset that has a name, at its latest version, by name."""
    lineage = read_lineage(store)
    names = dataset_names(store, project)
    return [dataset_row(store, lineage, store.items.get(KIND, name, project)) for name in names]


def dataset_row(store: Store, lineage: Lineage, item: ItemSpec) -> dict[str, Any]:
    """One line of the list: `{name, project, version, artifact, num_documents, num_bytes, run, ...}`."""
    version = item.latest
    return {
        "name": item.name,
        "project": item.project,
        "version": version.number,
        "created_at": version.created_at,
        "run": version.run,
        "note": version.note,
        **dataset_figures(store, version.artifact),
        "description": description_of(store, lineage, version.artifact),
    }


def dataset_figures(store: Store, artifact: str) -> dict[str, Any]:
    """`{artifact, num_documents, num_bytes, size_bytes, is_present}`; a count that is not known is None."""
    manifest = _manifest(store, artifact)
    summary = manifest.summary if manifest else {}
    return {
        "artifact": artifact,
        "num_documents": _count(summary, "documents"),
        "num_bytes": _count(summary, "bytes"),
        "size_bytes": manifest.size_bytes if manifest else 0,
        "is_present": manifest is not None,
    }


def dataset_detail(store: Store, found: Resolved, project: str = DEFAULT_PROJECT) -> dict[str, Any]:
    """A dataset in full: its versions, the way back to the import, cleaning, parts, description, and who uses it."""
    lineage = read_lineage(store)
    item, version = _item_of(store, found, project)
    return {
        "label": found.label,
        "name": item.name if item else None,
        "project": item.project if item else None,
        "version": version.number if version else None,
        "created_at": version.created_at if version else None,
        "run": version.run if version else found.run,
        **dataset_figures(store, found.artifact),
        "versions": [_version(store, one) for one in reversed(item.versions)] if item else [],
        "aliases": item.aliases if item else {},
        "lineage": lineage_steps(store, lineage, found),
        "cleaning": cleaning_of(store, lineage, found),
        "parts": (parts := parts_of(store, lineage, found.artifact)),
        "leakage": leakage_of(store, parts),
        "description": description_of(store, lineage, found.artifact),
        "used_by": used_by(store, lineage, found.artifact),
    }


def lineage_steps(store: Store, lineage: Lineage, found: Resolved) -> list[dict[str, Any]]:
    """From the import to this dataset: for each stage its run, settings in short, and documents before and after."""
    return [
        _step(store, artifact, work)
        for artifact, work in lineage.ancestry(found.artifact, KIND, found.run)
    ]


def cleaning_of(store: Store, lineage: Lineage, found: Resolved) -> dict[str, Any] | None:
    """What cleaning did to this dataset, or to its nearest ancestor that was cleaned; `{artifact, run, steps}`."""
    for artifact, work in reversed(lineage.ancestry(found.artifact, KIND, found.run)):
        file = store.artifacts.folder(artifact) / REPORT
        if work.stage == CLEAN and file.is_file():
            steps = _read_report(file, "steps", f"cleaning that run {work.run}")
            return {"artifact": artifact, "run": work.run, "steps": steps}
    return None


def _read_report(file: Path, name: str, what: str) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))[name]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadData(
            "artifact-damaged",
            f"The report of the {what} did cannot be read.",
            "Run `glassworks doctor --store`, which explains what is damaged.",
            str(file),
        ) from error


def parts_of(store: Store, lineage: Lineage, artifact: str) -> list[dict[str, Any]]:
    """The parts that splits made of it, the newest split first."""
    return [
        {"part": part, "run": work.run, **dataset_figures(store, made)}
        for work in reversed(lineage.users.get(artifact, []))
        if work.stage == SPLIT
        for part, made in work.outputs.items()
    ]


def leakage_of(store: Store, parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What the newest split told about copies across its parts: `{run, on_leak, copy_threshold, found, examples}`."""
    held_out = [
        part for part in parts if part["run"] == parts[0]["run"] and part["part"] != "train"
    ]
    for part in held_out:
        file = store.artifacts.folder(part["artifact"]) / SPLIT_REPORT
        if file.is_file():
            return {
                "run": part["run"],
                **_read_report(file, "leakage", f"split that run {part['run']}"),
            }
    return None


def description_of(store: Store, lineage: Lineage, artifact: str) -> str | None:
    """The newest description of it that is in the store."""
    made = (
        output
        for work in reversed(lineage.users.get(artifact, []))
        if work.stage == DESCRIBE
        for output in work.outputs.values()
    )
    return next((output for output in made if store.artifacts.has(output)), None)


def used_by(store: Store, lineage: Lineage, artifact: str) -> dict[str, list[dict[str, Any]]]:
    """`runs` that read it, the newest first, and `items` that were made from it, however many stages lie between."""
    works = [work for work in lineage.users.get(artifact, []) if work.stage not in AIDS]
    flows: dict[str, list[str]] = {}
    for work in reversed(works):
        flows.setdefault(work.flow_run or work.run, []).append(work.stage)
    runs = [_run(store, run, stages) for run, stages in flows.items()]
    return {
        "runs": [run for run in runs if run],
        "items": items_made_from(store, lineage, artifact),
    }


def items_made_from(store: Store, lineage: Lineage, artifact: str) -> list[dict[str, Any]]:
    """`{kind, name, project, version}` of each version of an item that descends from it."""
    made = lineage.descendants(artifact)
    return [
        {"kind": item.kind, "name": item.name, "project": item.project, "version": version.number}
        for item in store.items.all()
        for version in item.versions
        if version.artifact in made
    ]


def _step(store: Store, artifact: str, work: Work) -> dict[str, Any]:
    sources = [source for name, source in work.inputs.items() if work.kinds.get(name) == KIND]
    before = [dataset_figures(store, source) for source in sources]
    after = dataset_figures(store, artifact)
    return {
        "stage": work.stage,
        "run": work.run,
        "flow_run": work.flow_run,
        "created_at": work.created_at,
        "settings": short_settings(work.stage, work.config),
        "output": next((name for name, made in work.outputs.items() if made == artifact), ""),
        "inputs": sources,
        "artifact": artifact,
        "documents_before": _total(before, "num_documents"),
        "documents_after": after["num_documents"],
        "bytes_before": _total(before, "num_bytes"),
        "bytes_after": after["num_bytes"],
        "is_present": after["is_present"],
    }


def _total(figures: list[dict[str, Any]], name: str) -> int | None:
    """None where there is nothing, or where something is not known."""
    values = [one[name] for one in figures]
    return sum(values) if values and None not in values else None


def _run(store: Store, run: str, stages: list[str]) -> dict[str, Any] | None:
    try:
        folder = store.runs.get(run)
        state = folder.state()
        status = status_of(folder, state)
    except GlassworksError:  # deleted, or damaged: `doctor --store` tells of the latter
        return None
    return {"run": folder.id, "name": state.name, "status": status, "stages": sorted(set(stages))}


def _item_of(
    store: Store, found: Resolved, project: str
) -> tuple[ItemSpec | None, VersionSpec | None]:
    """The item's version that the reference names, or the newest one in the project that points to the same."""
    fitting = [
        (item, version)
        for item in store.items.all(project)
        if item.kind == KIND
        for version in item.versions
        if version.artifact == found.artifact
    ]
    for item, version in fitting:
        if found.label == f"{item.kind}/{item.name}@{version.number}":
            return item, version
    return max(fitting, key=lambda one: one[1].created_at) if fitting else (None, None)


def _version(store: Store, version: VersionSpec) -> dict[str, Any]:
    return {
        "number": version.number,
        "created_at": version.created_at,
        "run": version.run,
        "note": version.note,
        **dataset_figures(store, version.artifact),
    }


def _manifest(store: Store, artifact: str) -> ManifestSpec | None:
    try:
        return store.artifacts.manifest(artifact)
    except (NotFound, BadData):
        return None


def _count(summary: dict[str, Any], name: str) -> int | None:
    value = summary.get(name)
    return value if isinstance(value, int) else None
