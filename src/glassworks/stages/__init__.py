"""Stages: one kind of work a file, with typed settings, inputs and outputs (contract: `glassworks.specs.stage`).

`STAGES` lists them; `stage_spec(name)` says all that one needs to know of a stage without running it: its ports, its
settings as JSON Schema, its version. The catalogue, the forms and the help are made of these.
"""

from pathlib import Path
from types import NoneType
from typing import Any, get_args

from glassworks.common.registry import Registry
from glassworks.specs.stage import Port, Ports, PortSpec, SeededConfig, Stage, StageSpec

STAGES: Registry[type[Stage]] = Registry("glassworks.stages", Stage, "stage")


def stage_spec(name: str) -> StageSpec:
    """The catalogue entry of the stage `name`. Raises NotFound for a name that is not there."""
    stage = STAGES.load(name)
    return StageSpec(
        name=name,
        version=stage.version,
        purpose=(stage.__doc__ or "").strip().split("\n")[0],
        origin=STAGES.origin(name),
        is_random=issubclass(stage.Config, SeededConfig),
        can_continue=stage.can_continue,
        libraries=stage.libraries,
        inputs=_ports(stage.Inputs),
        outputs=_ports(stage.Outputs),
        config_schema=stage.Config.model_json_schema(),
    )


def _ports(ports: type[Ports]) -> dict[str, PortSpec]:
    return {
        name: _port_spec(f"{ports.__qualname__}.{name}", field.annotation, field.metadata)
        for name, field in ports.model_fields.items()
    }


def _port_spec(where: str, annotation: Any, metadata: list[Any]) -> PortSpec:
    """Both `Annotated[Path, Port(...)]` and `Annotated[Path | None, Port(...)] = None` (an optional input)."""
    port = next((entry for entry in metadata if isinstance(entry, Port)), None)
    types = set(get_args(annotation)) or {annotation}
    if port is None or not types <= {Path, NoneType}:
        raise TypeError(f"{where} must be declared as Annotated[Path, Port(kind, description)]")
    return PortSpec(kind=port.kind, description=port.description, is_optional=NoneType in types)
