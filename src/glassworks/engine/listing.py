"""What there is, as plain dictionaries: the one source of `ls`, `show` and, later, of the list pages."""

from collections.abc import Iterator
from typing import Any

from glassworks.common.errors import BadData, GlassworksError, NotFound
from glassworks.engine.references import resolve_artifact, resolve_run
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import load_recipe, recipe_names
from glassworks.specs.events import ErrorSpec
from glassworks.specs.item import ITEM_KINDS
from glassworks.specs.run import RunSpec, RunState
from glassworks.storage.locks import is_held
from glassworks.storage.runs import RunFolder


def list_recipes() -> list[dict[str, Any]]:
    """`{name, title, description, nodes, settings, is_broken}` of each recipe; those broken on purpose come last."""
    recipes = [load_recipe(name) for name in recipe_names()]
    recipes.sort(key=lambda recipe: bool(recipe.about_fault))
    return [
        {
            "name": recipe.name,
            "title": recipe.title,
            "description": recipe.description,
            "nodes": list(recipe.nodes),
            "settings": {name: s.description for name, s in recipe.settings.items()},
            "is_broken": bool(recipe.about_fault),
        }
        for recipe in recipes
    ]


def list_runs(workshop: Workshop, project: str | None = None) -> list[dict[str, Any]]:
    """Flow runs, newest first: `{id, name, recipe, status, created_at, duration_s, nodes}`."""
    rows = []
    for run in workshop.store.runs.all():
        spec = run.spec()
        if spec.kind == "flow" and project in (None, spec.project):
            rows.append(_run_row(run, spec, _state_or_damaged(run)))
    return rows


def _state_or_damaged(run: RunFolder) -> RunState:
    """One damaged log must not hide all other runs."""
    try:
        return run.state()
    except BadData as error:
        return RunState(status="failed", error=ErrorSpec.model_validate(error.to_dict()))


def list_items(workshop: Workshop, project: str | None = None) -> list[dict[str, Any]]:
    """`{kind, name, project, version, artifact, run, created_at}` of each item's latest version."""
    return [
        {
            "kind": item.kind,
            "name": item.name,
            "project": item.project,
            "version": item.latest.number,
            "artifact": item.latest.artifact,
            "run": item.latest.run,
            "created_at": item.latest.created_at,
        }
        for item in workshop.store.items.all(project)
    ]


def list_stages(workshop: Workshop) -> list[dict[str, Any]]:
    """`{name, version, purpose, inputs, outputs}` of each stage in the catalogue."""
    return [
        {
            "name": stage.name,
            "version": stage.version,
            "purpose": stage.purpose,
            "inputs": {port: spec.kind for port, spec in stage.inputs.items()},
            "outputs": {port: spec.kind for port, spec in stage.outputs.items()},
        }
        for stage in sorted(workshop.catalog.stages.values(), key=lambda stage: stage.name)
    ]


def show_reference(workshop: Workshop, text: str) -> dict[str, Any]:
    """The recipe, stage, run, item or artifact that `text` names, in full; `type` says which it is. `run/name` is never an item.

    Raises NotFound, Conflict when it names several.
    """
    for look in (_show_run, _show_artifact):
        try:
            return look(workshop, text)
        except NotFound:
            continue
    if text in workshop.catalog.stages:
        return {"type": "stage", **workshop.catalog.stages[text].to_json()}
    try:
        return {"type": "recipe", **load_recipe(text).to_json()}
    except NotFound:
        raise NotFound(
            "reference-not-found",
            f"Nothing here is called {text!r}.",
            "`glassworks ls recipes|runs|items|stages` lists what there is.",
        ) from None


def artifact_details(workshop: Workshop, artifact: str) -> dict[str, Any]:
    """`{id, kind, size_bytes, files, summary}`."""
    manifest = workshop.store.artifacts.manifest(artifact)
    return {
        "id": manifest.id,
        "kind": manifest.kind,
        "size_bytes": manifest.size_bytes,
        "folder": str(workshop.store.artifacts.path(artifact)),
        "files": [file.to_json() for file in manifest.files],
        "summary": manifest.summary,
    }


def _show_artifact(workshop: Workshop, text: str) -> dict[str, Any]:
    found = resolve_artifact(workshop.store, text)
    details = artifact_details(workshop, found.artifact)
    return {"type": "artifact", "label": found.label, "made_by": found.run, **details}


def _show_run(workshop: Workshop, text: str) -> dict[str, Any]:
    is_item = text.partition("/")[0] in ITEM_KINDS or workshop.store.items.find_or_none(text)
    if ":" in text or is_item:
        raise NotFound("reference-not-found", f"{text!r} is no run.")
    run = resolve_run(workshop.store, text)
    spec, state = run.spec(), run.state()
    row = _run_row(run, spec, state)
    row |= {
        "type": "run",
        "kind": spec.kind,
        "project": spec.project,
        "folder": str(run.path),
        "key": spec.key,
        "continues": spec.continues,
        "continues_at": spec.continues_at,
        "environment": spec.environment,
        "outputs": state.outputs,
        "error": state.error.to_json() if state.error else None,
        "attempts": [attempt.to_json() for attempt in state.attempts],
        "checkpoints": [checkpoint.to_json() for checkpoint in state.checkpoints],
        "evaluations": [evaluation.to_json() for evaluation in state.evaluations],
        "findings": [finding.to_json() for finding in state.findings],
    }
    if spec.node is not None:
        row |= {"stage": spec.node.stage, "config": spec.node.config, "inputs": spec.inputs}
    row |= _promise(state)
    if spec.kind == "flow":
        row["nodes"] = list(_node_rows(workshop, state))
    return row


def _node_rows(workshop: Workshop, state: RunState) -> Iterator[dict[str, Any]]:
    for name, decision in state.nodes.items():
        row: dict[str, Any] = {"node": name, "run": decision.run, "action": decision.action}
        row["reason"] = decision.reason
        try:
            child = workshop.store.runs.get(decision.run).state()
            row |= {"status": child.status, **_promise(child)}
        except GlassworksError:
            row["status"] = "missing"
        yield row


def _promise(state: RunState) -> dict[str, Any]:
    """What a training was expected to need and what it came to, where that was written down."""
    pair = {"predicted": state.prediction, "measured": state.measured}
    return {name: event.to_json() for name, event in pair.items() if event is not None}


def _run_row(run: RunFolder, spec: RunSpec, state: RunState) -> dict[str, Any]:
    return {
        "id": spec.id,
        "name": spec.name,
        "recipe": spec.plan.recipe.name if spec.plan else None,
        "status": status_of(run, state),
        "created_at": spec.created_at,
        "duration_s": state.duration_s,
        "nodes": {name: decision.action for name, decision in state.nodes.items()},
    }


def status_of(run: RunFolder, state: RunState) -> str:
    """The state's status; `interrupted` when it says running but nobody drives it."""
    if state.status in ("running", "stopping") and not is_held(run.lock_file):
        return "interrupted"
    return state.status
