"""Settings that choose one component of a registry.

    source: Annotated[Config, OneOf(SOURCES)] = Field(default=..., description="Where the text comes from.")

In goes `{"kind": "text_file", "path": ...}`; out comes the `Config` of the component `text_file`. The JSON Schema is the
union of all components' settings, told apart by `kind`, so forms and help know every choice. Plugins take part.
Errors name a field as a person writes it (`source.path`), and an unknown kind gets a plain sentence.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, ValidationError, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from glassworks.common.registry import Registry
from glassworks.specs.wording import words_of


@dataclass(frozen=True)
class OneOf:
    """Annotation of a field whose value is the `Config` of one component of `registry`."""

    registry: Registry[Any]

    def __get_pydantic_core_schema__(self, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        configs = [component.Config for component in self.registry.all().values()]
        if len(configs) == 1:
            return handler.generate_schema(configs[0])
        union = reduce(or_, configs)
        chosen = handler.generate_schema(Annotated[union, Field(discriminator="kind")])
        return core_schema.no_info_wrap_validator_function(self._check, chosen)

    def _check(self, value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
        kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
        if kind not in self.registry.names():
            wrong = (
                "no kind is given" if kind is None else f"there is no {self.registry.noun} {kind!r}"
            )
            known = ", ".join(self.registry.names())
            raise PydanticCustomError("unknown_kind", f"{wrong}; choose one of: {known}")
        try:
            return validate(value)
        except ValidationError as error:
            fields = self.registry.load(kind).Config.model_fields
            raise _without_kind(error, ", ".join(fields)) from error


def _without_kind(error: ValidationError, fields: str) -> ValidationError:
    """The same problems with the path inside the component, without the component's id before it; `fields` are the component's."""
    lines = [
        InitErrorDetails(
            type=PydanticCustomError(
                problem["type"],
                "{text}",
                {
                    "text": words_of(problem),
                    "fields": fields if len(problem["loc"]) == 2 else "",
                },
            ),
            loc=problem["loc"][1:],
            input=problem["input"],
        )
        for problem in error.errors(include_url=False)
    ]
    return ValidationError.from_exception_data(error.title, lines)
