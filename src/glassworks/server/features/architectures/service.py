"""Architectures over HTTP: the helper's answers, typed; items from their files.

Unusual: a helper of its own answers here, so that a form that asks while a person types waits for nobody's longer question.
"""

import contextlib
from importlib.resources import files
from pathlib import PurePosixPath

from glassworks.common.errors import NotFound
from glassworks.engine import architectures as engine
from glassworks.engine.history import speed_history
from glassworks.engine.tools_client import ToolsClient
from glassworks.server.features.architectures import schemas
from glassworks.server.http.conditions import check_match, etag_of
from glassworks.server.http.context import Context
from glassworks.server.jobs.index import index_items
from glassworks.specs.speed import SpeedHistory

LIMIT_S = 60.0
CODE_FOLDER = ("lm", "model")
Json = schemas.Json


class DesignHelper(ToolsClient):
    """Answers what a form asks about architectures."""


def presets(context: Context) -> schemas.PresetList:
    return schemas.PresetList.model_validate(_ask(context, "architecture_presets", {}))


def schema(context: Context) -> schemas.SchemaView:
    return schemas.SchemaView(schema=context.workshop.catalog.documents["architecture"])


def explain(context: Context, ask: schemas.ExplainAsk) -> schemas.ExplainView:
    return schemas.ExplainView.model_validate(_ask(context, "architecture_explain", ask.to_json()))


def estimate(context: Context, ask: schemas.EstimateAsk) -> schemas.ArchitectureEstimateView:
    found = _ask(context, "architecture_estimate", ask.to_json() | _measured(context))
    return schemas.ArchitectureEstimateView.model_validate(found)


def plan(context: Context, ask: schemas.PlanAsk) -> schemas.PlanView:
    found = _ask(context, "architecture_plan", ask.to_json() | _measured(context))
    return schemas.PlanView.model_validate(found)


def read(context: Context, text: str) -> schemas.ImportView:
    return schemas.ImportView.model_validate(_ask(context, "architecture_import", {"text": text}))


def code(file: str) -> schemas.CodeView:
    """Only Python files of the model library. Raises NotFound for anything else."""
    path = PurePosixPath(file)
    is_allowed = path.parts[:2] == CODE_FOLDER and ".." not in path.parts and path.suffix == ".py"
    found = files("glassworks").joinpath(*path.parts) if is_allowed else None
    if found is None or not found.is_file():
        raise NotFound(
            "file-not-found",
            f"There is no file {file!r} among the sources of the model library.",
            "The parts of an explanation name their files.",
        )
    return schemas.CodeView(file=file, text=found.read_text("utf-8"))


def rows(context: Context, project: str) -> schemas.ArchitectureList:
    found = engine.list_architectures(context.workshop.store, project)
    return schemas.ArchitectureList.model_validate({"items": found})


def detail(context: Context, name: str, project: str) -> schemas.ArchitectureDetail:
    found = engine.show_architecture(context.workshop.store, name, project)
    etag = _etag(found)
    return schemas.ArchitectureDetail.model_validate({**found, "etag": etag})


def of_run(context: Context, run: str) -> schemas.RunArchitecture:
    found = engine.architecture_of_run(context.workshop.store, run)
    return schemas.RunArchitecture(name=found.label, run=run, document=found.document)


def version(context: Context, name: str, number: str, project: str) -> schemas.ArchitectureVersion:
    found = engine.version_of(context.workshop.store, name, number, project)
    fields = schemas.ArchitectureVersion.model_fields
    return schemas.ArchitectureVersion.model_validate({key: found[key] for key in fields})


def save(
    context: Context, body: schemas.ArchitectureCreate, wanted: str | None
) -> schemas.ArchitectureDetail:
    """Raises Changed when `wanted` names another state than the item's, InvalidSpec for what cannot be built."""
    store = context.workshop.store
    with contextlib.suppress(NotFound):  # a first version has nothing to match
        check_match(wanted, _etag(engine.show_architecture(store, body.name, body.project)))
    engine.save_architecture(
        store, _helper(context), body.name, body.document, body.project, body.note
    )
    with context.database.transaction() as session:
        index_items(session, store)
    return detail(context, body.name, body.project)


def diff(context: Context, name: str, before: str, after: str, project: str) -> schemas.DiffView:
    store = context.workshop.store
    documents = [_document(engine.version_of(store, name, n, project)) for n in (before, after)]
    found = engine.compare(_helper(context), documents[0], documents[1])
    return schemas.DiffView.model_validate(found)


def export(context: Context, name: str, number: str, project: str, form: str) -> tuple[str, str]:
    """(text, file name). Raises InvalidSpec where the transformers library has no class for it."""
    document = _document(engine.version_of(context.workshop.store, name, number, project))
    asked: Json = {"document": document, "format": form}
    found = _ask(context, "architecture_export", asked)
    return found["text"], found["name"]


def _document(found: Json) -> Json:
    if found["document"] is None:
        raise NotFound(
            "artifact-missing",
            f"Version {found['version']} of {found['name']} is not in the store.",
            "It may have been deleted; choose another version.",
        )
    document: Json = found["document"]
    return document


def _etag(found: Json) -> str:
    return etag_of(found["name"], *(str(one["version"]) for one in found["versions"]))


def _measured(context: Context) -> Json:
    """What is known of this machine, and what earlier runs reached on it."""
    machine = context.workshop.machine()
    history = speed_history(context.workshop.store, machine) if machine else SpeedHistory()
    return {"machine": machine.to_json() if machine else {}, "history": history.to_json()}


def _ask(context: Context, op: str, asked: Json) -> Json:
    return _helper(context).call(op, asked, timeout_s=LIMIT_S)


def _helper(context: Context) -> DesignHelper:
    return context.kept(DesignHelper) or context.keep(DesignHelper, DesignHelper())
