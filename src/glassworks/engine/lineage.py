"""Where things come from and what was made of them, as the run folders tell it.

In: the store. Out: every stage run with what it read and what it made, and from there the ancestors and descendants of an
artifact. Unusual: a run that is done never changes, so it is read once in a process; whether it is done is asked each time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from glassworks.common.errors import BadData, GlassworksError
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

KEPT_RUNS = 20_000


@dataclass(frozen=True)
class Work:
    """One stage run: `inputs` and `outputs` are name -> artifact; it has no outputs while it is not done."""

    run: str
    name: str
    stage: str
    project: str
    created_at: str
    flow_run: str | None
    config: dict[str, Any]
    inputs: dict[str, str]
    kinds: dict[str, str]
    """Input name -> kind of artifact."""
    outputs: dict[str, str]

    @property
    def is_done(self) -> bool:
        return bool(self.outputs)


@dataclass(frozen=True)
class Lineage:
    """All stage runs, oldest first, by what they made and by what they read."""

    works: tuple[Work, ...]
    makers: dict[str, list[Work]] = field(default_factory=lambda: defaultdict(list))
    users: dict[str, list[Work]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for work in self.works:
            for artifact in dict.fromkeys(work.outputs.values()):
                self.makers[artifact].append(work)
            for artifact in dict.fromkeys(work.inputs.values()):
                self.users[artifact].append(work)

    def maker(self, artifact: str, run: str | None = None) -> Work | None:
        """Who made it: `run` if that did, else the newest; one that only passed it on unchanged comes last."""
        makers = self.makers.get(artifact, [])
        changing = [work for work in makers if artifact not in work.inputs.values()] or makers
        named = [work for work in makers if work.run == run]
        return (named or changing)[-1] if makers else None

    def ancestry(self, artifact: str, kind: str, run: str | None = None) -> list[tuple[str, Work]]:
        """(artifact, who made it) of this artifact and of those of `kind` that it was made from, the oldest first."""
        found: dict[str, Work] = {}
        visited: set[str] = set()

        def visit(current: str, run: str | None) -> None:
            visited.add(current)
            work = self.maker(current, run)
            if work is None:
                return
            for name, source in work.inputs.items():
                if work.kinds.get(name) == kind and source not in visited:
                    visit(source, None)
            found[current] = work

        visit(artifact, run)
        return list(found.items())

    def descendants(self, artifact: str) -> set[str]:
        """Everything that was made of it, directly or not; never itself."""
        found: set[str] = set()
        waiting = [artifact]
        while waiting:
            for work in self.users.get(waiting.pop(), ()):
                new = set(work.outputs.values()) - found - {artifact}
                found |= new
                waiting += new
        return found


def read_lineage(store: Store) -> Lineage:
    """Every stage run that can be read."""
    found = (_work(str(run.path), run.done_file.exists()) for run in store.runs.all_folders())
    works = sorted(filter(None, found), key=lambda work: (work.created_at, work.run))
    return Lineage(tuple(works))


def unfinished_flows(store: Store) -> Iterator[tuple[RunFolder, set[str]]]:
    """Each flow run that is not done, with the artifacts that it has made, reused or was planned with."""
    for run in store.runs.all_folders():
        if run.done_file.exists():
            continue
        try:
            spec = run.spec()
            if spec.kind == "flow":
                yield run, {*_planned(run), *_decided(store, run)}
        except BadData:
            continue  # `verify_store` tells of it


def _planned(run: RunFolder) -> Iterable[str]:
    plan = run.spec().plan
    sources = (source for node in plan.nodes for source in node.inputs.values()) if plan else ()
    return {source.artifact for source in sources if source.artifact}


def _decided(store: Store, run: RunFolder) -> Iterator[str]:
    for decision in run.state().nodes.values():
        try:
            child = store.runs.get(decision.run)
            done = child.done()
            yield from child.spec().inputs.values()
            yield from done.outputs.values() if done else ()
        except GlassworksError:
            continue


@lru_cache(maxsize=KEPT_RUNS)
def _work(path: str, is_done: bool) -> Work | None:
    run = RunFolder(Path(path))
    try:
        spec = run.spec()
        done = run.done() if is_done else None
    except BadData:
        return None
    if spec.node is None:
        return None
    return Work(
        run=spec.id,
        name=spec.name,
        stage=spec.node.stage,
        project=spec.project,
        created_at=spec.created_at,
        flow_run=spec.flow_run,
        config=spec.node.config,
        inputs=dict(done.inputs if done else spec.inputs),
        kinds={name: source.kind for name, source in spec.node.inputs.items()},
        outputs=dict(done.outputs) if done else {},
    )
