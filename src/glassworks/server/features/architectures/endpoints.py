"""`/api/architectures`: presets, what each part is and costs, a model for a time, and architectures kept under a name."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.features.architectures import schemas, service
from glassworks.server.http.conditions import IfMatch
from glassworks.server.http.context import ContextDep, ProjectQuery
from glassworks.server.http.once import KeyHeader, once

router = APIRouter(prefix="/architectures")
FileQuery = Annotated[
    str,
    Query(max_length=200, description="A part's `file`.", examples=["lm/model/norm/rms_norm.py"]),
]
FromQuery = Annotated[
    str, Query(alias="from", max_length=63, description="A version's number.", examples=["1"])
]
ToQuery = Annotated[
    str, Query(alias="to", max_length=63, description="The other version's.", examples=["2"])
]
FormatQuery = Annotated[
    Literal["yaml", "json", "hub"],
    Query(alias="format", description="`hub`: a config.json.", examples=["yaml"]),
]


@router.get("/presets", summary="List the presets")
def list_presets(context: ContextDep) -> schemas.PresetList:
    """Small models to begin with, and published ones in their true sizes."""
    return service.presets(context)


@router.get("/schema", summary="Show the fields of an architecture")
def get_schema(context: ContextDep) -> schemas.SchemaView:
    """The JSON Schema of an architecture, with a description of each field."""
    return service.schema(context)


@router.get("/code", summary="Read a part's source")
def get_code(file: FileQuery) -> schemas.CodeView:
    """The very file that runs. Only those of the model library."""
    return service.code(file)


@router.get("/of-run/{run}", summary="Show the architecture of a run")
def get_architecture_of_run(run: str, context: ContextDep) -> schemas.RunArchitecture:
    """What a run trains, whether its recipe writes the document or names one."""
    return service.of_run(context, run)


@router.post("/explain", summary="Explain an architecture")
def explain_architecture(ask: schemas.ExplainAsk, context: ContextDep) -> schemas.ExplainView:
    """Each part in words, with its formula, its matrices and what it costs; or what is wrong, with what to change."""
    return service.explain(context, ask)


@router.post("/estimate", summary="Estimate an architecture")
def estimate_architecture(
    ask: schemas.EstimateAsk, context: ContextDep
) -> schemas.ArchitectureEstimateView:
    """What training and writing need, and on which machines they fit."""
    return service.estimate(context, ask)


@router.post("/plan", summary="Choose a model for a time")
def plan_architecture(ask: schemas.PlanAsk, context: ContextDep) -> schemas.PlanView:
    """A model and its training from minutes, or from the one dial `depth`, with the rules that chose it."""
    return service.plan(context, ask)


@router.post("/import", summary="Read an architecture")
def import_architecture(ask: schemas.ImportAsk, context: ContextDep) -> schemas.ImportView:
    """YAML, JSON or a hub's `config.json`, recognized by itself."""
    return service.read(context, ask.text)


@router.get("", summary="List the architectures")
def list_architectures(
    context: ContextDep, project: ProjectQuery = DEFAULT_PROJECT
) -> schemas.ArchitectureList:
    """The architectures of a project at their latest version."""
    return service.rows(context, project)


@router.post("", summary="Save an architecture", status_code=201)
def save_architecture(
    body: schemas.ArchitectureCreate,
    context: ContextDep,
    key: KeyHeader = None,
    match: IfMatch = None,
) -> schemas.ArchitectureDetail:
    """A first or a further version of a name, checked and completed."""
    return once(
        context, key, body, schemas.ArchitectureDetail, lambda: service.save(context, body, match)
    )


@router.get("/{name}", summary="Show an architecture")
def get_architecture(
    name: str, context: ContextDep, project: ProjectQuery = DEFAULT_PROJECT
) -> schemas.ArchitectureDetail:
    """An architecture with all its versions, the newest first."""
    return service.detail(context, name, project)


@router.get("/{name}/versions/{number}", summary="Show a version")
def get_version(
    name: str, number: str, context: ContextDep, project: ProjectQuery = DEFAULT_PROJECT
) -> schemas.ArchitectureVersion:
    """One version with its document."""
    return service.version(context, name, number, project)


@router.get(
    "/{name}/versions/{number}/export",
    summary="Download a version",
    response_class=Response,
    responses={200: {"description": "The file.", "content": {"text/plain": {}}}},
)
def export_version(
    name: str,
    number: str,
    context: ContextDep,
    project: ProjectQuery = DEFAULT_PROJECT,
    file_format: FormatQuery = "yaml",
) -> Response:
    """As YAML, as JSON, or as the `config.json` of the class that computes it."""
    text, file = service.export(context, name, number, project, file_format)
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(text, media_type="text/plain; charset=utf-8", headers=headers)


@router.get("/{name}/diff", summary="Compare two versions")
def diff_versions(
    name: str,
    context: ContextDep,
    before: FromQuery,
    after: ToQuery,
    project: ProjectQuery = DEFAULT_PROJECT,
) -> schemas.DiffView:
    """Every field that differs, and how many parameters each has."""
    return service.diff(context, name, before, after, project)
