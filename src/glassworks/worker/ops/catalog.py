"""Everything that can be chosen: stages, components with their settings, metrics; plugins named by their origin.

Out: `{stages: {name: StageSpec}, components: {package: {id: {origin, purpose, schema}}}, metrics: {id: MetricSpec},
documents: {kind: schema}}`; a document is what a person may write inside a recipe.
A component folder is any package of `lm` that holds a `Registry`: a new one needs no entry here.
"""

import pkgutil
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

import glassworks.lm
from glassworks.common.registry import Registry
from glassworks.lm.model.architecture import ArchitectureConfig
from glassworks.specs.base import Config, Spec
from glassworks.specs.metric import MetricSpec
from glassworks.stages import STAGES, stage_spec
from glassworks.worker.ops.base import Op


class Catalog(Op):
    """List what can be chosen."""

    class Args(Spec):
        pass

    def run(self, args: Args) -> dict[str, Any]:
        registries = _registries()
        components = {
            package: {name: _component(registry, name) for name in registry.names()}
            for package, registry in registries.items()
            if registry.base is not MetricSpec
        }
        metrics = {
            name: registry.load(name).to_json()
            for registry in registries.values()
            if registry.base is MetricSpec
            for name in registry.names()
        }
        stages = {name: stage_spec(name).to_json() for name in STAGES.names()}
        documents = {"architecture": ArchitectureConfig.model_json_schema()}
        return {
            "stages": stages,
            "components": components,
            "metrics": metrics,
            "documents": documents,
        }


def _registries() -> dict[str, Registry[Any]]:
    """Every registry that a package of `lm` defines for its own folder, by the folder's name below `lm`."""
    found = {}
    prefix = f"{glassworks.lm.__name__}."
    for info in pkgutil.walk_packages(glassworks.lm.__path__, prefix):
        if info.ispkg:
            for registry in _registries_of(import_module(info.name)):
                found[info.name.removeprefix(prefix)] = registry
    return dict(sorted(found.items()))


def _registries_of(module: ModuleType) -> list[Registry[Any]]:
    values = vars(module).values()
    return [v for v in values if isinstance(v, Registry) and v.package == module.__name__]


def _component(registry: Registry[Any], name: str) -> dict[str, Any]:
    component = registry.load(name)
    config = getattr(component, "Config", None)
    is_config = isinstance(config, type) and issubclass(config, Config)
    return {
        "origin": registry.origin(name),
        "purpose": _purpose(registry, name, component),
        "schema": config.model_json_schema() if is_config and config is not None else {},
    }


def _purpose(registry: Registry[Any], name: str, component: Any) -> str:
    """The first line of a component class's docstring, else of the file's."""
    own = component.__doc__ if isinstance(component, type) else None
    file = sys.modules.get(f"{registry.package}.{name}")
    text = own or (file.__doc__ if file else None) or ""
    return text.strip().split("\n")[0]
