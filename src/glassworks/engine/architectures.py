"""Architectures as items: which there are, one in full, saving a version, the difference of two, presets.

In: a name, a reference or `preset:NAME`, and documents that the helper checks. Out: plain dictionaries for the command line
and the server. Nothing here knows what a model is: that is the helper's business.
"""

from dataclasses import dataclass
from typing import Any, Literal

from glassworks.common.errors import InvalidSpec, NotFound
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.documents import publish_document
from glassworks.engine.references import pick_version, resolve_artifact, resolve_run
from glassworks.engine.tools_client import ToolsClient
from glassworks.engine.workshop import Workshop
from glassworks.specs.item import ItemSpec, VersionSpec
from glassworks.storage.atomic import read_json
from glassworks.storage.store import Store

KIND: Literal["architecture"] = "architecture"
FILE = "architecture.json"
PRESET_PREFIX = "preset:"
RESERVED = ("presets", "schema", "code", "of-run")
"""Words that stand in the place of a name in the server's addresses."""
LIMIT_S = 60.0
Json = dict[str, Any]


@dataclass(frozen=True)
class NamedArchitecture:
    """A document with the words that name it exactly; `artifact` is None for a preset and a file."""

    label: str
    document: Json
    artifact: str | None = None


def presets(tools: ToolsClient) -> list[Json]:
    """The presets, smallest first, each complete and counted."""
    found: list[Json] = tools.call("architecture_presets", {}, LIMIT_S)["items"]
    return found


def find_architecture(
    workshop: Workshop, ref: str, project: str = DEFAULT_PROJECT
) -> NamedArchitecture:
    """What a reference, a preset's name or `preset:NAME` means. Raises NotFound, Conflict, InvalidSpec."""
    name = ref.removeprefix(PRESET_PREFIX)
    if not ref.startswith(PRESET_PREFIX):
        try:
            found = resolve_artifact(workshop.store, ref, KIND, project)
        except NotFound:
            if not any(preset["id"] == name for preset in presets(workshop.tools)):
                raise
        else:
            return NamedArchitecture(
                found.label, document_of(workshop.store, found.artifact), found.artifact
            )
    for preset in presets(workshop.tools):
        if preset["id"] == name:
            return NamedArchitecture(f"{PRESET_PREFIX}{name}", preset["document"])
    raise NotFound(
        "preset-not-found",
        f"There is no preset {name!r}.",
        "`glassworks architecture ls` lists what there is.",
        ref,
    )


def architecture_document(workshop: Workshop, ref: str, project: str = DEFAULT_PROJECT) -> Json:
    """The document behind a reference of a recipe."""
    return find_architecture(workshop, ref, project).document


def architecture_artifact(workshop: Workshop, ref: str, project: str = DEFAULT_PROJECT) -> str:
    """The artifact behind a reference of a recipe; a preset is published when it is first used."""
    found = find_architecture(workshop, ref, project)
    return found.artifact or publish_document(workshop.store, KIND, found.document)


def document_of(store: Store, artifact: str) -> Json:
    document: Json = read_json(store.artifacts.path(artifact) / FILE)
    return document


def architecture_of_run(store: Store, reference: str) -> NamedArchitecture:
    """The architecture that a run trains, or the last one that it does; of a sweep the first variant's. Raises NotFound."""
    run = resolve_run(store, reference)
    spec = run.spec()
    if spec.plan is None:
        kinds = spec.node.inputs if spec.node else {}
        found = [spec.inputs[port] for port, given in kinds.items() if given.kind == KIND]
    else:
        inputs = [given for node in spec.plan.nodes for given in node.inputs.values()]
        found = [one.artifact for one in inputs if one.kind == KIND and one.artifact is not None]
        found = found[:1] if spec.plan.sweep else found
    if not found:
        raise NotFound(
            "nothing-trained",
            f"Run {run.id} builds no model.",
            "Choose a run that trains one.",
            reference,
        )
    return NamedArchitecture(run.state().name, document_of(store, found[-1]), found[-1])


def list_architectures(store: Store, project: str = DEFAULT_PROJECT) -> list[Json]:
    """`{name, project, version, artifact, created_at, note, num_versions, document}` by name; a lost one has no document."""
    items = [item for item in store.items.all(project) if item.kind == KIND]
    return [_row(store, item, item.latest) for item in items]


def show_architecture(store: Store, name: str, project: str = DEFAULT_PROJECT) -> Json:
    """An architecture with all its versions, the newest first. Raises NotFound."""
    item = store.items.get(KIND, name, project)
    versions = [_version(store, version) for version in reversed(item.versions)]
    return {**_row(store, item, item.latest), "versions": versions, "aliases": item.aliases}


def version_of(store: Store, name: str, number: str, project: str = DEFAULT_PROJECT) -> Json:
    """One version with its document. Raises NotFound."""
    item = store.items.get(KIND, name, project)
    version = pick_version(item, number)
    return {**_version(store, version), "name": name, "project": project}


def save_architecture(
    store: Store,
    tools: ToolsClient,
    name: str,
    document: Json,
    project: str = DEFAULT_PROJECT,
    note: str = "",
) -> Json:
    """Check, complete and publish a document as a new version of `name`. Raises InvalidSpec, Conflict.

    The same document as the latest version's adds none.
    """
    if name in RESERVED:
        raise InvalidSpec(
            "bad-name", f"{name!r} cannot be an architecture's name.", "Choose another one.", name
        )
    complete = checked(tools, document)
    artifact = publish_document(store, KIND, complete)
    store.items.add_version(KIND, name, artifact, None, project, note)
    return show_architecture(store, name, project)


def checked(tools: ToolsClient, document: Json) -> Json:
    """The document with every default filled in. Raises InvalidSpec that says what to change."""
    args = {"document": document, "format": "json"}
    text = tools.call("architecture_export", args, LIMIT_S)["text"]
    found: Json = tools.call("architecture_import", {"text": text}, LIMIT_S)["document"]
    return found


def difference(before: Json, after: Json) -> list[Json]:
    """`{path, before, after}` of each field that differs; a field that only one has is null on the other side."""
    old, new = _flat(before), _flat(after)
    paths = [*old, *(path for path in new if path not in old)]
    return [
        {"path": path, "before": old.get(path), "after": new.get(path)}
        for path in paths
        if old.get(path) != new.get(path)
    ]


def compare(tools: ToolsClient, before: Json, after: Json, vocab_size: int | None = None) -> Json:
    """`{changes, parameters: {before, after}}`; a count is None where the document cannot be built."""
    counts = [
        tools.call(
            "architecture_explain", {"document": document, "vocab_size": vocab_size}, LIMIT_S
        )["parameters"]
        for document in (before, after)
    ]
    return {
        "changes": difference(before, after),
        "parameters": {"before": counts[0], "after": counts[1]},
    }


def _flat(value: Json, prefix: str = "") -> Json:
    found: Json = {}
    for name, field in value.items():
        if isinstance(field, dict):
            found |= _flat(field, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = field
    return found


def _row(store: Store, item: ItemSpec, version: VersionSpec) -> Json:
    return {
        "name": item.name,
        "project": item.project,
        "num_versions": len(item.versions),
        **_version(store, version),
    }


def _version(store: Store, version: VersionSpec) -> Json:
    is_present = store.artifacts.has(version.artifact)
    return {
        "version": version.number,
        "artifact": version.artifact,
        "note": version.note,
        "created_at": version.created_at,
        "is_present": is_present,
        "document": document_of(store, version.artifact) if is_present else None,
    }
