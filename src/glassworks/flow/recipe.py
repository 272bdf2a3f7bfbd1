"""Recipes: reading a YAML file into a `RecipeSpec`, and applying `--set`.

A setting is written `node.field=value` (nested fields with more dots; a field of an inline document is
`node.port.field`; an input that is a reference is set as `node.port=dataset/mine@2`) or `name=value` for one of the recipe's named settings. Values are read as YAML. `+500` adds to the
number that stands there, where the caller allows it (`glassworks continue`).
"""

from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from glassworks.common.errors import InvalidSpec, NotFound
from glassworks.specs.base import invalid_spec
from glassworks.specs.flow import RECIPE_FORMAT, RecipeSpec

RECIPES = files("glassworks.content") / "recipes"
SUFFIXES = (".yaml", ".yml")
KIND = "kind"


def recipe_names() -> list[str]:
    """The recipes in the package."""
    return sorted(
        file.name.removesuffix(".yaml") for file in RECIPES.iterdir() if _is_yaml(file.name)
    )


def load_recipe(name_or_path: str) -> RecipeSpec:
    """A recipe of the package by name, or any recipe file by path. Raises NotFound, InvalidSpec."""
    if name_or_path in recipe_names():
        return parse_recipe((RECIPES / f"{name_or_path}.yaml").read_text("utf-8"), name_or_path)
    path = Path(name_or_path)
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise NotFound(
            "recipe-not-found",
            f"There is no recipe or file {name_or_path!r}.",
            f"Recipes: {', '.join(recipe_names())}. `glassworks ls recipes` describes them.",
        ) from None
    except (
        ValueError,
        OSError,
    ) as error:  # other bytes than UTF-8, no permission, an impossible name
        raise InvalidSpec(
            "recipe-unreadable",
            f"The recipe {path} cannot be read: {_plain(error)}.",
            "A recipe is a YAML file in UTF-8.",
            str(path),
        ) from error
    return parse_recipe(text, str(path))


def parse_recipe(text: str, where: str) -> RecipeSpec:
    """Raises InvalidSpec for text that is no recipe, and for a recipe of a newer format."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{where}:{mark.line + 1}" if mark else where
        raise InvalidSpec(
            "recipe-not-yaml",
            f"{where} is not YAML: {getattr(error, 'problem', None) or 'it cannot be parsed'}.",
            "Mend that line; `glassworks show first-model --yaml` prints a recipe that works.",
            line,
        ) from error
    if not isinstance(document, dict):
        raise InvalidSpec(
            "invalid-recipe",
            f"{where} is not a recipe: it has no fields.",
            "Start from an existing one.",
            where,
        )
    _check_format(document, where)
    try:
        return RecipeSpec.model_validate(document)
    except ValidationError as error:
        raise invalid_spec(error, "recipe", where, RecipeSpec) from error


def apply_settings(
    recipe: RecipeSpec, settings: list[str], is_relative: bool = False
) -> RecipeSpec:
    """The recipe with each `path=value` applied. `is_relative` allows `=+N` on numbers that stand there.

    Another `kind` takes the place of a component with all its fields; so kinds come first, whatever their order.
    """
    document = recipe.model_dump(mode="json")
    for setting in sorted(settings, key=_kinds_first):
        path, is_given, value = setting.partition("=")
        if not is_given or not path:
            raise InvalidSpec(
                "bad-setting", f"{setting!r} sets nothing.", "Write it as node.field=value."
            )
        _set(document, recipe, path.strip(), value.strip(), is_relative)
    return RecipeSpec.model_validate(document)


def _set(
    document: dict[str, Any], recipe: RecipeSpec, path: str, text: str, is_relative: bool
) -> None:
    full = recipe.settings[path].field if path in recipe.settings else path
    node, *fields = full.split(".")
    if node not in recipe.nodes or not fields:
        raise InvalidSpec(
            "unknown-setting",
            f"{path!r} names no setting of {recipe.name!r}.",
            f"Settings: {', '.join(recipe.settings) or 'none'}. Nodes: {', '.join(recipe.nodes)}.",
            path,
        )
    target = document["nodes"][node]["config"]
    inputs = document["nodes"][node]["inputs"]
    given = inputs.get(fields[0])
    if isinstance(given, dict) and len(fields) > 1:
        target, fields = given["inline"], fields[1:]
    elif len(fields) == 1 and (isinstance(given, dict) or _is_reference(given, recipe)):
        target = (
            inputs  # a reference, also in a document's place; what another node gives stays wired
        )
    for field in fields[:-1]:
        target = target.setdefault(field, {})
        if not isinstance(target, dict):
            raise InvalidSpec("unknown-setting", f"{path!r} goes below a single value.", "", path)
    value = _value(path, text, target.get(fields[-1]), is_relative)
    if fields[-1] == KIND and target.get(KIND) != value:
        target.clear()
    target[fields[-1]] = value


def _is_reference(given: Any, recipe: RecipeSpec) -> bool:
    return isinstance(given, str) and given.split(".")[0] not in recipe.nodes


def _kinds_first(setting: str) -> tuple[bool, int]:
    path = setting.partition("=")[0].strip()
    is_kind = path.endswith(f".{KIND}")
    return not is_kind, path.count(".") if is_kind else 0


def _value(path: str, text: str, old: Any, is_relative: bool) -> Any:
    try:
        value = yaml.safe_load(text) if text else ""
    except yaml.YAMLError as error:
        raise InvalidSpec(
            "bad-setting", f"The value of {path} cannot be read: {text!r}.", "Quote it.", path
        ) from error
    if not text.startswith("+"):
        return value
    if not is_relative or not isinstance(old, int | float) or not isinstance(value, int | float):
        raise InvalidSpec(
            "bad-setting",
            f"{path}={text} adds to a number, and here there is nothing to add to.",
            "Give the number itself; `+` is for `glassworks continue`.",
            path,
        )
    return old + value


def _check_format(document: dict[str, Any], where: str) -> None:
    found = str(document.get("format", RECIPE_FORMAT))
    if found.isdecimal() and int(found) > RECIPE_FORMAT:
        raise InvalidSpec(
            "recipe-format",
            f"{where} has recipe format {found}; this version reads up to {RECIPE_FORMAT}.",
            "Update Glassworks, or export the recipe from an older version.",
            where,
        )


def _plain(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _is_yaml(name: str) -> bool:
    return name.endswith(SUFFIXES)
