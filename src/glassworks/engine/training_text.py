"""Which text a model learned from: from a training run back to the datasets whose tokens it read.

In: the store and a run. Out: dataset artifacts, in the order of the token set's parts. Nothing is read but run folders. A dataset that
cannot be told (its run was deleted, its tokens came from elsewhere) is None.
"""

from dataclasses import dataclass

from glassworks.common.errors import GlassworksError, InvalidSpec, NotFound
from glassworks.engine.lineage import Lineage, Work, read_lineage
from glassworks.engine.references import Resolved
from glassworks.specs.run import RunSpec
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

TRAIN, TOKENIZE, MIX = "train_model", "tokenize_dataset", "mix_tokens"
KIND = "dataset"


@dataclass(frozen=True)
class NamedText:
    """A dataset, and what to call it: its own name, or that of the nearest dataset with a name that it was made from."""

    artifact: str
    label: str


def training_run(store: Store, run: RunFolder, node: str | None = None) -> RunFolder:
    """The training itself: `run`, or in a flow the one called `node`; by default the last that has begun.

    Raises InvalidSpec where nothing trains, NotFound where the training has not begun.
    """
    spec = run.spec()
    if spec.kind == "stage":
        if spec.node is None or spec.node.stage != TRAIN:
            raise _no_training(run)
        return run
    planned = [one.name for one in spec.plan.nodes if one.stage == TRAIN] if spec.plan else []
    if not planned or (node is not None and node not in planned):
        raise _no_training(run)
    decisions = run.state().nodes
    begun = [name for name in planned if name in decisions and node in (None, name)]
    if not begun:
        raise NotFound(
            "not-begun",
            f"The training of run {run.id} has not begun.",
            "Wait until what comes before it is done.",
            run.id,
        )
    return store.runs.get(decisions[begun[-1]].run)


def datasets_of_tokens(lineage: Lineage, tokens: str) -> list[str | None]:
    """The dataset of each part of a token set: one, or as many as a mixture has."""
    work = lineage.maker(tokens)
    if work is not None and work.stage == MIX:
        parts = [work.inputs[port] for port in _ports_in_order(work)]
        return [datasets_of_tokens(lineage, part)[0] for part in parts]
    if work is None or work.stage != TOKENIZE:
        return [None]
    made = [output for output, artifact in work.outputs.items() if artifact == tokens]
    return [next((work.inputs[name] for name in made if name in work.inputs), None)]


def text_of_tokens(lineage: Lineage, tokens: str) -> str:
    """Equal for token sets of the same text, however it was cut; where a dataset cannot be told the tokens stand for it."""
    known = datasets_of_tokens(lineage, tokens)
    return tokens if None in known else " ".join(map(str, known))


def texts_of_model(store: Store, found: Resolved) -> list[NamedText]:
    """All datasets that a model has learned from, in the run that made it and in those that it was begun from.

    Raises NotFound where none can be told.
    """
    lineage = read_lineage(store)
    artifacts: dict[str, None] = {}
    for work in trainings_behind(store, lineage, found):
        datasets = datasets_of_tokens(lineage, work.inputs.get("train", ""))
        artifacts |= {dataset: None for dataset in datasets if dataset is not None}
    if not artifacts:
        raise NotFound(
            "training-text-unknown",
            f"Which text {found.label} learned from cannot be told.",
            "The runs that trained it, or that made its tokens, are no longer here.",
            found.label,
        )
    return [NamedText(one, label_of(store, lineage, one)) for one in artifacts]


def held_out_of_model(store: Store, found: Resolved) -> str | None:
    """The dataset that was held out from a model's training, if there was one and it is still in the store."""
    lineage = read_lineage(store)
    for work in trainings_behind(store, lineage, found):
        tokens = work.inputs.get("validation")
        dataset = datasets_of_tokens(lineage, tokens)[0] if tokens else None
        if dataset is not None and store.artifacts.has(dataset):
            return dataset
    return None


def trainings_behind(store: Store, lineage: Lineage, found: Resolved) -> list[Work]:
    """The training that saved a checkpoint, then those that it was continued or begun from, newest first."""
    works = {work.run: work for work in lineage.works}
    chain: list[Work] = []
    work = works.get(found.run or "") or lineage.maker(found.artifact, found.run)
    while work is not None and work.stage == TRAIN and work not in chain:
        chain.append(work)
        parent = _parent(store, work.run)
        begun_from = work.inputs.get("init_from")
        if parent is not None:
            work = works.get(parent)
        elif begun_from is not None:
            work = lineage.maker(begun_from) or _saver(store, lineage, begun_from)
        else:
            work = None
    return chain


def label_of(store: Store, lineage: Lineage, artifact: str) -> str:
    """`plays@1`, `the train part of plays@1`, or what made it."""
    names = {
        version.artifact: f"{item.name}@{version.number}"
        for item in store.items.all()
        if item.kind == KIND
        for version in item.versions
    }
    if artifact in names:
        return names[artifact]
    work = lineage.maker(artifact)
    outputs = work.outputs.items() if work else ()
    part = next((f"the {output} part of " for output, one in outputs if one == artifact), "")
    part = part if work and len(work.outputs) > 1 else ""
    for ancestor, _ in reversed(lineage.ancestry(artifact, KIND)):
        if ancestor in names:
            return part + names[ancestor]
    return part + (work.name.partition("/")[0] if work else artifact[:12])


def _ports_in_order(work: Work) -> list[str]:
    """A mixture's inputs in the order in which they were declared."""
    order = ("first", "second", "third", "fourth", "fifth", "sixth")
    return [port for port in order if port in work.inputs]


def _parent(store: Store, run: str) -> str | None:
    spec = _spec(store, run)
    starts_from = spec.node.starts_from if spec and spec.node else None
    return starts_from.partition(":")[0] if starts_from else None


def _saver(store: Store, lineage: Lineage, checkpoint: str) -> Work | None:
    """The training that saved a checkpoint on its way."""
    for work in reversed(lineage.works):
        if work.stage == TRAIN:
            try:
                saved = store.runs.get(work.run).state().checkpoints
            except GlassworksError:
                continue
            if any(one.artifact == checkpoint for one in saved):
                return work
    return None


def _spec(store: Store, run: str) -> RunSpec | None:
    try:
        return store.runs.get(run).spec()
    except GlassworksError:
        return None


def _no_training(run: RunFolder) -> InvalidSpec:
    return InvalidSpec(
        "not-a-training",
        f"Run {run.id} ({run.spec().name}) has no training of that name."
        if run.spec().kind == "flow"
        else f"Run {run.id} ({run.spec().name}) is no training.",
        "Give a run that trains a model; `glassworks ls runs` lists them.",
        run.id,
    )
