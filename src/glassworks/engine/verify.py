"""`glassworks doctor --store`: read every byte that the store holds and explain what is damaged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from glassworks.common.errors import BadData, GlassworksError
from glassworks.specs.run import RunSpec
from glassworks.storage.store import Store


@dataclass(frozen=True)
class Problem:
    """One damaged thing: what it is, what is wrong, who made it, and what to do."""

    what: str
    problem: str
    made_by: str
    remedy: str


def verify_store(
    store: Store, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[Problem]:
    """Every problem found in artifacts, runs and items; an empty list means that all is sound."""
    specs, problems = _read_runs(store)
    makers = _makers(store, specs)
    artifacts = sorted(store.artifacts.ids())
    for number, artifact in enumerate(artifacts, start=1):
        for wrong in store.artifacts.verify(artifact):
            problems.append(_damaged(store, artifact, wrong, makers.get(artifact)))
        progress(number, len(artifacts))
    return problems + list(_broken_items(store))


def _read_runs(store: Store) -> tuple[list[RunSpec], list[Problem]]:
    specs: list[RunSpec] = []
    problems: list[Problem] = []
    for run in store.runs.all_folders():
        try:
            spec = run.spec()
            run.done()
            run.state()
            specs.append(spec)
        except GlassworksError as error:
            remedy = f"Remove the folder {run.path}; the recipe makes the run anew."
            problems.append(Problem(f"run {run.id}", error.message, "", remedy))
    return specs, problems


def _makers(store: Store, specs: list[RunSpec]) -> dict[str, RunSpec]:
    makers: dict[str, RunSpec] = {}
    for spec in specs:
        done = store.runs.get(spec.id).done()
        if spec.kind == "stage" and done is not None:
            makers |= dict.fromkeys(done.outputs.values(), spec)
    return makers


def _damaged(store: Store, artifact: str, wrong: str, maker: RunSpec | None) -> Problem:
    remedy = f"Remove the folder {store.artifacts.folder(artifact)}"
    remedy += " and run its recipe again: only that stage runs." if maker else "."
    made_by = f"run {maker.id} ({maker.name})" if maker else "no run that is still here"
    return Problem(f"artifact {artifact[:12]}", wrong, made_by, remedy)


def _broken_items(store: Store) -> Iterator[Problem]:
    for path in store.items.files():
        try:
            item = store.items.read(path)
        except BadData as error:
            yield Problem(
                f"item {path.stem}", error.message, "", f"Mend or remove the file {path}."
            )
            continue
        for version in item.versions:
            if not store.artifacts.has(version.artifact):
                yield Problem(
                    f"{item.kind}/{item.name}@{version.number}",
                    f"its artifact {version.artifact[:12]} is not in the store",
                    f"run {version.run}" if version.run else "",
                    "Run its recipe again, or use another version.",
                )
