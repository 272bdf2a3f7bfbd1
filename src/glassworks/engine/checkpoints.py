"""The checkpoints of a run: which there are, whether their bytes are what was saved, and which of them a person keeps.

In: a run and a step. Out: rows; what is damaged, in words; a name. To keep a checkpoint is to give it one: a model of that name, which
no keep-policy, no clearing up and no deleted run takes away. To let it go takes the name away, and nothing else.
"""

from glassworks.common.errors import Conflict, GlassworksError, NotFound
from glassworks.engine.drive import state_folder
from glassworks.engine.references import resolve_artifact, saving_run
from glassworks.specs.checkpoint import CheckpointCheck, CheckpointRow
from glassworks.specs.item import ItemKind, ItemSpec, VersionSpec
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

KIND: ItemKind = "model"
MAX_NAME = 50
"""Characters of a run's name that a checkpoint's begins with: the step must fit into a name too."""
KEPT = "kept"
"""The note of a version that a person made by keeping; a run's result has another or none."""


def list_checkpoints(store: Store, run: RunFolder) -> list[CheckpointRow]:
    """Rising by step; empty for a run that has saved none."""
    try:
        saving, state = saving_run(store, run)
    except NotFound:
        return []
    named = _named(store)
    rows = []
    for saved in sorted(state.checkpoints, key=lambda one: one.step):
        found = named.get(saved.artifact, [])
        folder = state_folder(saving, saved.step)
        rows.append(
            CheckpointRow(
                step=saved.step,
                artifact=saved.artifact,
                size_bytes=_size(store, saved.artifact),
                names=tuple(_label(item, version) for item, version in found),
                kept_as=next((_label(i, v) for i, v in found if v.note == KEPT), None),
                has_state=folder is not None,
                damage=store.artifacts.quick_damage(saved.artifact),
            )
        )
    return rows


def check_checkpoints(store: Store, run: RunFolder, steps: list[int]) -> list[CheckpointCheck]:
    """Read every byte of these steps' checkpoints again; half a gigabyte takes about a second. Raises NotFound."""
    rows = {row.step: row for row in list_checkpoints(store, run)}
    missing = next((step for step in steps if step not in rows), None)
    if missing is not None:
        raise NotFound(
            "no-checkpoint",
            f"Run {run.id} has no checkpoint at step {missing}.",
            "Its page lists those that it has.",
        )
    return [_check(store, rows[step]) for step in steps]


def step_of(store: Store, run: RunFolder, word: str) -> int:
    """The saved step that a number, `latest` or `best` means. Raises NotFound, InvalidSpec."""
    return _row(store, run, word).step


def keep_checkpoint(store: Store, run: RunFolder, step: int, name: str | None = None) -> str:
    """Give the checkpoint of `step` a name, by default `<run>-<step>`; returns `name@version`.

    One that is kept already keeps its name. Raises NotFound, InvalidSpec (no possible name), Conflict (it went meanwhile).
    """
    row = _row(store, run, str(step))
    if row.kept_as is not None and name in (None, row.kept_as.partition("@")[0]):
        return row.kept_as
    saving, _ = saving_run(store, run)
    spec = store.runs.get(run.spec().flow_run or run.id).spec()
    chosen = name or f"{spec.name[:MAX_NAME]}-{row.step}"
    with store.in_use():
        made = store.items.add_version(KIND, chosen, row.artifact, saving.id, spec.project, KEPT)
        if not store.artifacts.has(row.artifact):  # the keep-policy of a training was faster
            store.items.remove_versions(KIND, chosen, {made.number}, spec.project)
            raise _gone(run, row.step)
    return f"{chosen}@{made.number}"


def release_checkpoint(store: Store, run: RunFolder, step: int) -> list[str]:
    """Take away the names that keeping gave to the checkpoint of `step`; returns them. Raises NotFound, Conflict `not-kept`."""
    row = _row(store, run, str(step))
    kept = [(item, v) for item, v in _named(store).get(row.artifact, []) if v.note == KEPT]
    if not kept:
        raise Conflict(
            "not-kept",
            f"The checkpoint of step {row.step} of run {run.id} is not kept by a name of its own.",
            "Only what was kept can be let go.",
        )
    with store.in_use():
        for item, version in kept:
            store.items.remove_versions(KIND, item.name, {version.number}, item.project)
    return [_label(item, version) for item, version in kept]


def _row(store: Store, run: RunFolder, word: str) -> CheckpointRow:
    artifact = resolve_artifact(store, f"{run.id}:{word}", "checkpoint").artifact
    return next(r for r in list_checkpoints(store, run) if r.artifact == artifact)


def _named(store: Store) -> dict[str, list[tuple[ItemSpec, VersionSpec]]]:
    """Artifact -> the models that mean it. An item that cannot be read hides no other."""
    found: dict[str, list[tuple[ItemSpec, VersionSpec]]] = {}
    for path in store.items.files():
        if path.parent.name != KIND:
            continue
        try:
            item = store.items.read(path)
        except GlassworksError:
            continue
        for version in item.versions:
            found.setdefault(version.artifact, []).append((item, version))
    return found


def _check(store: Store, row: CheckpointRow) -> CheckpointCheck:
    is_there = store.artifacts.folder(row.artifact).exists()
    problems = store.artifacts.verify(row.artifact) if is_there else ["it is not there any more"]
    return CheckpointCheck(step=row.step, size_bytes=row.size_bytes, problems=tuple(problems))


def _size(store: Store, artifact: str) -> int:
    try:
        return store.artifacts.manifest(artifact).size_bytes
    except GlassworksError:
        return 0


def _label(item: ItemSpec, version: VersionSpec) -> str:
    return f"{item.name}@{version.number}"


def _gone(run: RunFolder, step: int) -> Conflict:
    return Conflict(
        "checkpoint-gone",
        f"The checkpoint of step {step} of run {run.id} was just removed by its keep-policy.",
        "Keep one of those that are left.",
    )
