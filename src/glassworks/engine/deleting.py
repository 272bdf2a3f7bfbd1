"""Deleting a dataset, or one version of it: refused while a run uses it or something that has a name was made from it.

In: a reference that names an item. Out: what went. The text itself goes with the last name that points to it, and so does its
description; the history of runs stays, and running the recipe again makes the dataset anew.
"""

from typing import Any

from glassworks.common.errors import Conflict, InvalidSpec, NotFound
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.datasets import AIDS, KIND, find_dataset, items_made_from
from glassworks.engine.lineage import Lineage, read_lineage, unfinished_flows
from glassworks.engine.listing import status_of
from glassworks.engine.references import pick_version
from glassworks.specs.item import ItemSpec
from glassworks.storage.items import check_name
from glassworks.storage.store import Store

USING = ("queued", "running", "stopping", "stopped", "interrupted")
SHOWN_USERS = 8


def delete_dataset(store: Store, ref: str, project: str = DEFAULT_PROJECT) -> dict[str, Any]:
    """Delete `name` with all its versions, or `name@2` alone; `{name, project, versions, artifacts, freed_bytes}`.

    Raises NotFound, InvalidSpec (not a name), Conflict: `in-use` with who uses it, or while the store is cleaned up.
    """
    item, numbers = _meant(store, ref, project)
    with store.in_use():
        lineage = read_lineage(store)
        doomed = _doomed(store, item, numbers)
        users = [
            user for artifact in doomed for user in _users(store, lineage, artifact, item, numbers)
        ]
        if users:
            raise _in_use(ref, list(dict.fromkeys(users)))
        doomed += _descriptions(lineage, doomed)
        present = [artifact for artifact in doomed if store.artifacts.has(artifact)]
        freed = sum(store.artifacts.manifest(artifact).size_bytes for artifact in present)
        store.items.remove_versions(KIND, item.name, numbers, item.project)
        for artifact in present:
            store.artifacts.delete(artifact)
    return {
        "name": item.name,
        "project": item.project,
        "versions": sorted(numbers),
        "artifacts": present,
        "freed_bytes": freed,
    }


def check_only(store: Store, ref: str, project: str = DEFAULT_PROJECT) -> None:
    """Raises InvalidSpec where a name without a version means several versions; NotFound."""
    item, numbers = _meant(store, ref, project)
    if "@" not in ref and len(numbers) > 1:
        versions = ", ".join(f"{item.name}@{number}" for number in sorted(numbers))
        raise InvalidSpec(
            "several-versions",
            f"{item.name} has {len(numbers)} versions: {versions}.",
            "Say which one to delete, or `--all`.",
            ref,
        )


def _meant(store: Store, ref: str, project: str) -> tuple[ItemSpec, set[int]]:
    check_name(project)
    base, at, version = ref.partition("@")
    try:
        item = store.items.get(KIND, base.removeprefix(f"{KIND}/"), project)
    except (NotFound, InvalidSpec):
        find_dataset(store, ref, project)
        raise _unnamed(ref) from None
    numbers = {pick_version(item, version).number} if at else {v.number for v in item.versions}
    return item, numbers


def _doomed(store: Store, item: ItemSpec, numbers: set[int]) -> list[str]:
    """The artifacts to which no other name points."""
    kept = {
        version.artifact
        for other in store.items.all()
        for version in other.versions
        if not (_is_same(other, item) and version.number in numbers)
    }
    mine = [version.artifact for version in item.versions if version.number in numbers]
    return [artifact for artifact in dict.fromkeys(mine) if artifact not in kept]


def _users(
    store: Store, lineage: Lineage, artifact: str, item: ItemSpec, numbers: set[int]
) -> list[str]:
    """Who would miss it, in words: runs that are not done, and versions of items that were made from it."""
    found = []
    for run, used in unfinished_flows(store):
        if artifact in used and (status := status_of(run, run.state())) in USING:
            found.append(f"run {run.id} ({run.state().name}, {status})")
    for made in items_made_from(store, lineage, artifact):
        is_mine = (made["kind"], made["name"], made["project"]) == (KIND, item.name, item.project)
        if not (is_mine and made["version"] in numbers):
            where = "" if made["project"] == item.project else f" in project {made['project']}"
            found.append(f"{made['kind']}/{made['name']}@{made['version']}{where}")
    return found


def _descriptions(lineage: Lineage, doomed: list[str]) -> list[str]:
    """Descriptions of nothing else than what goes."""
    made = [
        output
        for artifact in doomed
        for work in lineage.users.get(artifact, [])
        if work.stage in AIDS
        for output in work.outputs.values()
    ]
    described = {
        output: {
            source
            for work in lineage.makers[output]
            for name, source in work.inputs.items()
            if work.kinds.get(name) == KIND
        }
        for output in made
    }
    return [output for output, sources in described.items() if sources <= set(doomed)]


def _is_same(one: ItemSpec, other: ItemSpec) -> bool:
    return (one.kind, one.name, one.project) == (other.kind, other.name, other.project)


def _in_use(ref: str, users: list[str]) -> Conflict:
    more = f" and {len(users) - SHOWN_USERS} more" if len(users) > SHOWN_USERS else ""
    return Conflict(
        "in-use",
        f"{ref} is used by {', '.join(users[:SHOWN_USERS])}{more}.",
        "Delete those first, or cancel the runs; or keep it.",
        ref,
    )


def _unnamed(ref: str) -> InvalidSpec:
    return InvalidSpec(
        "no-name-to-delete",
        f"{ref!r} is not the name of a dataset.",
        "Give a name, or name@2 for one version. What has no name goes with its run: delete that, then `glassworks gc`.",
        ref,
    )
