"""Importing a tokenizer: a recipe of one node, so that an import is a run like any other, found again by its key."""

from pathlib import Path

from glassworks.specs.flow import NodeSpec, RecipeSpec

KNOWN_PREFIX = "known:"


def tokenizer_recipe(where: str, roles: dict[str, str]) -> RecipeSpec:
    """The recipe that imports the tokenizer at `where`: a path, or `known:` and a name. roles: role -> special token."""
    is_known = where.startswith(KNOWN_PREFIX)
    path = where if is_known else str(Path(where).expanduser().absolute())
    name = where.removeprefix(KNOWN_PREFIX) if is_known else Path(path).name
    return RecipeSpec(
        name="import-tokenizer",
        title=f"Import the tokenizer {name}",
        output="tokenizer.tokenizer",
        nodes={
            "tokenizer": NodeSpec(stage="import_tokenizer", config={"path": path, "roles": roles})
        },
    )
