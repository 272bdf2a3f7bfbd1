"""Settings that choose one component of a registry.

    source: Annotated[Config, OneOf(SOURCES)] = Field(default=..., description="Where the text comes from.")

In goes `{"kind": "text_file", "path": ...}`; out comes the `Config` of the component `text_file`. The JSON Schema is the
union of all components' settings, told apart by `kind`, so forms and help know every choice. Plugins take part.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from glassworks.common.registry import Registry


@dataclass(frozen=True)
class OneOf:
    """Annotation of a field whose value is the `Config` of one component of `registry`."""

    registry: Registry[Any]

    def __get_pydantic_core_schema__(self, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        configs = [component.Config for component in self.registry.all().values()]
        if len(configs) == 1:
            return handler.generate_schema(configs[0])
        union = reduce(or_, configs)
        return handler.generate_schema(Annotated[union, Field(discriminator="kind")])
