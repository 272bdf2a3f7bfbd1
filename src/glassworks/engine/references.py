"""References: one syntax everywhere for things that exist.

name            the latest version of an item, or the newest run of that name
name@3          version 3          name@champion   the version an alias points to
kind/name       when the bare name is not enough; run/name: the run, where a model has the same name
run:step        a checkpoint of a run: a step number, `latest` or `best`
4f1c...         the unambiguous beginning of an artifact's or a run's id
"""

from collections.abc import Iterable
from dataclasses import dataclass

from glassworks.common.errors import Conflict, GlassworksError, InvalidSpec, NotFound
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.specs.item import ITEM_KINDS, KIND_OF_ARTIFACT, ItemSpec, VersionSpec
from glassworks.specs.run import RunState
from glassworks.storage.runs import MIN_PREFIX, RunFolder
from glassworks.storage.store import Store

RUN = "run/"


@dataclass(frozen=True)
class Resolved:
    """What a reference points to: an artifact, the words that name it exactly, and the run that made it."""

    artifact: str
    kind: str
    label: str
    run: str | None = None


def resolve_artifact(
    store: Store, text: str, wanted_kind: str | None = None, project: str = DEFAULT_PROJECT
) -> Resolved:
    """The artifact that `text` points to. Raises NotFound, Conflict (ambiguous), InvalidSpec (another kind)."""
    found = _resolve(store, text, wanted_kind, project)
    if wanted_kind is not None and found.kind != wanted_kind:
        raise InvalidSpec(
            "wrong-kind",
            f"{text!r} is a {found.kind}, and a {wanted_kind} is needed here.",
            f"Give the name of a {wanted_kind}.",
            text,
        )
    return found


def resolve_run(store: Store, text: str) -> RunFolder:
    """The run with this id, beginning of an id, or name (then the newest). Raises NotFound, Conflict."""
    name = text.removeprefix(RUN)
    try:
        return store.runs.get(name)
    except NotFound:
        named = [run for run in store.runs.all() if run.spec().name == name]
        flows = [run for run in named if run.spec().kind == "flow"]
        for candidates in (flows, named):
            if candidates:
                return candidates[0]
        raise


def newest_first(run: RunFolder, nodes: Iterable[str]) -> list[str]:
    """Nodes of a flow run from the last one on; once it is done, the one that makes its main output before all others."""
    names, plan = list(nodes)[::-1], run.spec().plan
    main = plan.recipe.output.partition(".")[0] if plan is not None and run.done() else ""
    return sorted(names, key=lambda name: name != main)


def saving_run(store: Store, run: RunFolder) -> tuple[RunFolder, RunState]:
    """The run that saves checkpoints, `run` itself or the training run inside a flow run, and its state."""
    if run.spec().kind == "stage":
        return run, run.state()
    decisions = run.ledger_state().nodes
    for name in newest_first(run, decisions):
        child = store.runs.get(decisions[name].run)
        if (state := child.state()).checkpoints:
            return child, state
    raise NotFound(
        "no-checkpoint",
        f"Run {run.id} has not saved a checkpoint yet.",
        "Wait for the first one.",
    )


def _resolve(store: Store, text: str, wanted_kind: str | None, project: str) -> Resolved:
    if ":" in text:
        run, _, step = text.partition(":")
        return _checkpoint(store, resolve_run(store, run), step)
    base, _, version = text.partition("@")
    items = _items(store, base, wanted_kind, project)
    if len(items) > 1:
        kinds = ", ".join(f"{item.kind}/{item.name}" for item in items)
        raise Conflict("ambiguous-name", f"{base!r} names several items.", f"Say which: {kinds}.")
    if items:
        return _version(store, items[0], version)
    is_hex = len(text) >= MIN_PREFIX and all(c in "0123456789abcdef" for c in text)
    if is_hex and (found := _by_prefix(store, text)) is not None:
        return found
    return _output_of_run(store, text, wanted_kind)


def _items(store: Store, base: str, wanted_kind: str | None, project: str) -> list[ItemSpec]:
    kind, slash, name = base.partition("/")
    try:
        if slash:
            return [item for item in store.items.find(name, project) if item.kind == kind]
        found = store.items.find(base, project)
    except InvalidSpec:  # not a possible name, so no item has it
        return []
    wanted = KIND_OF_ARTIFACT.get(wanted_kind or "")
    fitting = [item for item in found if item.kind == wanted]
    return fitting if wanted and fitting else found


def _version(store: Store, item: ItemSpec, version: str) -> Resolved:
    found = pick_version(item, version)
    manifest = store.artifacts.manifest(found.artifact)
    label = f"{item.kind}/{item.name}@{found.number}"
    return Resolved(found.artifact, manifest.kind, label, found.run)


def pick_version(item: ItemSpec, version: str) -> VersionSpec:
    """The version of this number or alias; the latest for an empty text. Raises NotFound."""
    if not version:
        return item.latest
    number = item.aliases.get(version, int(version) if version.isdecimal() else 0)
    for found in item.versions:
        if found.number == number:
            return found
    raise NotFound(
        "version-not-found",
        f"{item.kind}/{item.name} has no version {version!r}.",
        f"It has {_numbers(item)}; aliases: {', '.join(item.aliases) or 'none'}.",
    )


def _numbers(item: ItemSpec) -> str:
    """`1 to 3`, or one by one where versions were deleted."""
    numbers = [version.number for version in item.versions]
    if len(numbers) == numbers[-1] > 1:
        return f"1 to {numbers[-1]}"
    return ", ".join(map(str, numbers))


def _checkpoint(store: Store, run: RunFolder, step: str) -> Resolved:
    saving, state = saving_run(store, run)
    saved = {checkpoint.step: checkpoint.artifact for checkpoint in state.checkpoints}
    if not saved:
        raise NotFound(
            "no-checkpoint",
            f"Run {run.id} has not saved a checkpoint yet.",
            "Wait for the first one.",
        )
    number = step_number(step, state, saved)
    if number not in saved:
        steps = ", ".join(str(s) for s in sorted(saved))
        raise NotFound(
            "no-checkpoint", f"Run {run.id} has no checkpoint at step {step}.", f"It has: {steps}."
        )
    label = f"{saving.spec().name}:{number} (run {saving.id})"
    return Resolved(saved[number], "checkpoint", label, saving.id)


def step_number(step: str, state: RunState, saved: dict[int, str]) -> int:
    """The step that a number, `latest` or `best` names among the `saved` (not empty for words). Raises InvalidSpec."""
    if step == "latest":
        return max(saved)
    if step == "best":
        losses = {e.step: e.values.get("validation_loss") for e in state.evaluations}
        measured = [(loss, s) for s in saved if (loss := losses.get(s)) is not None]
        return min(measured)[1] if measured else max(saved)
    if step.isdecimal():
        return int(step)
    raise InvalidSpec(
        "bad-reference", f"{step!r} is no step.", "Give a number, `latest` or `best`."
    )


def _by_prefix(store: Store, prefix: str) -> Resolved | None:
    found = [artifact for artifact in store.artifacts.ids() if artifact.startswith(prefix)]
    if len(found) > 1:
        raise Conflict(
            "ambiguous-id", f"{prefix!r} begins {len(found)} artifact ids.", "Give more characters."
        )
    if not found:
        return None
    return Resolved(found[0], store.artifacts.manifest(found[0]).kind, found[0][:12])


def _output_of_run(store: Store, text: str, wanted_kind: str | None) -> Resolved:
    try:
        run = resolve_run(store, text)
    except GlassworksError:
        raise _unknown(text) from None
    done = run.done()
    if done is None and wanted_kind not in (None, "checkpoint"):
        raise NotFound(
            "no-output-yet",
            f"Run {run.id} ({run.spec().name}) is not done and has made no {wanted_kind} under a name yet.",
            f"`glassworks watch {run.id}` follows it, `glassworks resume {run.id}` goes on with it.",
            text,
        )
    if done is None:
        return _checkpoint(store, run, "latest")
    outputs = [Resolved(a, store.artifacts.manifest(a).kind, f"{run.spec().name} ({o}, run {run.id})", run.id)
               for o, a in done.outputs.items()]  # fmt: skip
    fitting = [output for output in outputs if wanted_kind in (None, output.kind)]
    if len(fitting) != 1:
        raise Conflict(
            "ambiguous-name",
            f"Run {run.id} has {len(outputs)} outputs.",
            f"Give one's id: {', '.join(o.artifact[:12] for o in outputs)}.",
        )
    return fitting[0]


def _unknown(text: str) -> NotFound:
    return NotFound(
        "reference-not-found",
        f"Nothing here is called {text!r}.",
        f"`glassworks ls items` and `glassworks ls runs` list what there is (kinds: {', '.join(ITEM_KINDS)}).",
        text,
    )
