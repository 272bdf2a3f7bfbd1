"""The two base classes of the vocabulary.

`Spec`: a stored document or part of one. `Config`: settings that a person may write; every field has a description
and a working default, so that one JSON Schema yields form, palette, help, reference page and contract test.
"""

from difflib import get_close_matches
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.config import JsonDict

from glassworks.common.errors import InvalidSpec
from glassworks.specs.wording import words_of

Auto = Literal["auto"]
DISPLAY_ONLY: JsonDict = {"display_only": True}
"""`Field(json_schema_extra=DISPLAY_ONLY)`: the field changes what is shown, never the result; it is not hashed."""


MOST_ALIKE = 2
"""Fields that are told as being spelled alike."""


class Spec(BaseModel):
    """Frozen, closed, JSON in and out."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        json_schema_serialization_defaults_required=True,  # what is sent always has every field
    )

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


class Config(Spec):
    """Nested settings. A component's `Config` carries its id in a field `kind: Literal["<file name>"]`.

    Where a field has a component by default, settings without `kind` are those of that one: `optimizer: {learning_rate: 0.01}`.
    """

    @model_validator(mode="before")
    @classmethod
    def _take_default_kinds(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        kinds = {name: getattr(f.default, "kind", None) for name, f in cls.model_fields.items()}
        chosen = {
            name: {"kind": kind, **given[name]}
            for name, kind in kinds.items()
            if kind is not None and isinstance(given.get(name), dict)
        }
        return {**given, **chosen}

    def hashed(self) -> dict[str, Any]:
        """The JSON of all fields that can change a result: without the display-only ones, at any depth."""
        return _without_display_only(self)


def _without_display_only(config: BaseModel) -> dict[str, Any]:
    dumped = config.model_dump(mode="json")
    for name, field in type(config).model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and extra.get("display_only"):
            del dumped[name]
        elif isinstance(value := getattr(config, name), BaseModel):
            dumped[name] = _without_display_only(value)
    return dumped


def invalid_spec(
    error: ValidationError, what: str, where: str = "", spec: type[BaseModel] | None = None
) -> InvalidSpec:
    """A pydantic error in one plain sentence: the first problem's path, what it is, and how many more there are.

    spec: what was read, so that a field that is not there is told with those that are spelled like it.
    """
    problems = error.errors(include_url=False)
    first = problems[0]
    path = ".".join(str(part) for part in first["loc"]) or what
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    hint = "Add it." if first["type"] == "missing" else "Change that value and run again."
    if first["type"] == "extra_forbidden":
        part = first.get("ctx", {}).get("fields", "")  # of one component: see `OneOf`
        hint = _alike(str(first["loc"][-1]), _field_names(spec), part)
    return InvalidSpec(
        "invalid-config", f"{what}: {path}: {words_of(first)}{more}", hint, where or path
    )


def _alike(name: str, known: list[str], part: str) -> str:
    if name in known:
        return "It is a field of another part, or of another kind of this one."
    alike = get_close_matches(name, known, MOST_ALIKE)
    if alike:
        return f"Did you mean {' or '.join(alike)}?"
    return f"Its fields are: {part}." if part else "Check the spelling of the field."


def _field_names(spec: type[BaseModel] | None) -> list[str]:
    """The fields of a spec, of all that it may hold too."""
    schema = spec.model_json_schema() if spec else {}
    parts = (schema, *schema.get("$defs", {}).values())
    return sorted({name for part in parts for name in part.get("properties", {})})
