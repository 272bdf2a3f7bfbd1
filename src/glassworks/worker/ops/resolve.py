"""Check the nodes of a flow with the real classes and leave nothing `auto`.

In: `{nodes: [{name, stage, config, inline_inputs}], machine}`. Out: `{nodes: {name: {version, config, hashed_config,
libraries, resources, inputs, outputs, can_continue, foreseen, documents}}}`; `foreseen` are figures of the outputs that the
settings decide, `documents` the inline inputs, completed and in canonical form. Raises InvalidSpec whose `where` is `node.field`.
"""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from glassworks.common.errors import GlassworksError, InvalidSpec, Unavailable
from glassworks.specs.base import Config, Spec, invalid_spec
from glassworks.specs.flow import RecipeSpec
from glassworks.specs.stage import Stage, StageSpec
from glassworks.stages import STAGES, stage_spec
from glassworks.worker.ops.base import Op


class NodeQuestion(Spec):
    name: str
    stage: str
    config: dict[str, Any] = {}
    inline_inputs: dict[str, dict[str, Any]] = {}


class Resolve(Op):
    """Validate configs, fill in defaults and what is `auto`, complete inline documents."""

    class Args(Spec):
        nodes: tuple[NodeQuestion, ...]
        machine: dict[str, Any] = {}

    def run(self, args: Args) -> dict[str, Any]:
        return {"nodes": {node.name: _resolve(node, args.machine) for node in args.nodes}}


def _resolve(node: NodeQuestion, machine: dict[str, Any]) -> dict[str, Any]:
    try:
        stage, spec = STAGES.load(node.stage), stage_spec(node.stage)
        config = _config(stage, node, machine)
        libraries = {name: _library(name) for name in stage.libraries}
        documents = {port: _document(spec, port, d) for port, d in node.inline_inputs.items()}
    except GlassworksError as error:
        if not Path(error.where).is_absolute():  # a file has its own name; a field is the node's
            error.where = f"{node.name}.{error.where}" if error.where else node.name
        raise
    return {
        "version": stage.version,
        "config": config.to_json(),
        "hashed_config": config.hashed(),
        "libraries": libraries,
        "resources": stage.resources(config).to_json(),
        "inputs": {name: port.to_json() for name, port in spec.inputs.items()},
        "outputs": {name: port.to_json() for name, port in spec.outputs.items()},
        "can_continue": stage.can_continue,
        "foreseen": stage.foresee(config),
        "documents": documents,
    }


def _config(stage: type[Stage], node: NodeQuestion, machine: dict[str, Any]) -> Config:
    try:
        config = stage.Config.model_validate(node.config)
        resolved: Config = stage.resolve(config, machine)
        return stage.Config.model_validate(resolved.to_json())
    except ValidationError as error:
        raise invalid_spec(error, node.name, spec=stage.Config) from error


def _document(spec: StageSpec, port: str, document: dict[str, Any]) -> dict[str, Any]:
    if port not in spec.inputs:
        raise InvalidSpec(
            "unknown-input",
            f"The stage {spec.name} has no input {port!r}.",
            f"Its inputs are: {', '.join(spec.inputs) or 'none'}.",
            port,
        )
    try:
        return _read_document(spec.inputs[port].kind, document)
    except ValidationError as error:
        raise invalid_spec(error, port, port) from error
    except GlassworksError as error:
        error.where = f"{port}.{error.where}" if error.where else port
        raise


def _read_document(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    if kind == "architecture":
        from glassworks.lm.model.architecture import parse_architecture

        return parse_architecture(document).to_json()
    if kind == "flow":
        return RecipeSpec.model_validate(document).to_json()
    raise InvalidSpec(
        "not-a-document",
        f"A {kind} cannot be written into a recipe; only an architecture or a flow can.",
        "Give the name of one that exists, or connect a stage that makes it.",
    )


def _library(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        raise Unavailable(
            "package-missing",
            f"The package {name} is needed for this stage and is not installed.",
            f"Install it: pip install {name}",
        ) from None
