"""What a recipe's named settings are: the value that stands there, and the JSON Schema of the field.

In: a recipe and the catalogue. Out: `NamedSetting`, one for each name, in the recipe's order. The schema is followed from
the stage's config, or from an inline document's kind, down to the field; an input that is a reference says of which kind; where a component is chosen by `kind`, the chosen
one's. References inside it are resolved, so that it stands alone.
"""

from typing import Any

from glassworks.flow.catalog import CatalogSpec
from glassworks.specs.base import Spec
from glassworks.specs.flow import InlineDocument, RecipeSpec

Schema = dict[str, Any]


class NamedSetting(Spec):
    """`value` stands in the recipe, or is the field's default; `field_schema` is empty where the field is not known."""

    name: str
    field: str
    description: str
    value: Any
    field_schema: dict[str, Any]


def named_settings(recipe: RecipeSpec, catalog: CatalogSpec) -> tuple[NamedSetting, ...]:
    """Every named setting of a recipe."""
    found = []
    for name, setting in recipe.settings.items():
        value, schema = field_of(recipe, catalog, setting.field)
        found.append(
            NamedSetting(
                name=name,
                field=setting.field,
                description=setting.description,
                value=value,
                field_schema=schema,
            )
        )
    return tuple(found)


def field_of(recipe: RecipeSpec, catalog: CatalogSpec, field: str) -> tuple[Any, Schema]:
    """Value and schema of `node.field` (`node.port.field` inside an inline document)."""
    node_name, *path = field.split(".")
    node = recipe.nodes.get(node_name)
    if node is None or not path:
        return None, {}
    document: Any = node.config
    stage = catalog.stages.get(node.stage)
    root: Schema = stage.config_schema if stage else {}
    given = node.inputs.get(path[0])
    port = stage.inputs.get(path[0]) if stage else None
    if isinstance(given, str) and len(path) == 1:
        described = port.description if port else ""
        kind = port.kind if port else ""
        return given, {"type": "string", "description": described, "reference": kind}
    if isinstance(given, InlineDocument) and len(path) > 1:
        document, root, path = (
            given.inline,
            catalog.documents.get(port.kind if port else "", {}),
            path[1:],
        )
    return _walk(document, root, path)


def _walk(document: Any, root: Schema, path: list[str]) -> tuple[Any, Schema]:
    schema, default = root, root.get("default")
    for part in path:
        document = _step(document, part)
        properties = _resolve(schema, root).get("properties", {})
        schema = properties.get(part, {})
        default = schema.get("default", _step(default, part))
        schema = _chosen(schema, document if document is not None else default, root)
    value = document if document is not None else default
    return value, _inline(schema, root)


def _step(value: Any, part: str) -> Any:
    return value.get(part) if isinstance(value, dict) else None


def _chosen(schema: Schema, value: Any, root: Schema) -> Schema:
    """Of a choice by `kind`, the one that is chosen; anything else as it stands."""
    mapping = schema.get("discriminator", {}).get("mapping")
    kind = value.get("kind") if isinstance(value, dict) else None
    if not mapping or kind not in mapping:
        return schema
    return _resolve({"$ref": mapping[kind]}, root)


def _resolve(schema: Schema, root: Schema) -> Schema:
    """A `#/$defs/X` reference followed; keys beside it win."""
    target = schema.get("$ref")
    if target is None:
        return schema
    found = root.get("$defs", {}).get(str(target).rpartition("/")[2], {})
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {**_resolve(found, root), **beside}


def _inline(value: Any, root: Schema) -> Any:
    """The same schema with every reference resolved."""
    if isinstance(value, list):
        return [_inline(inner, root) for inner in value]
    if not isinstance(value, dict):
        return value
    resolved = _resolve(value, root)
    return {key: _inline(inner, root) for key, inner in resolved.items() if key != "$defs"}
