"""Make a dataset of files.

In: files, folders, archives. Out: a dataset under a name, made by a recipe: read, repaired, cleaned, counted.
"""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from glassworks.cli.options import (
    PROJECT,
    JsonOption,
    NameOption,
    ProjectOption,
    QuietOption,
    SetOption,
)

EXAMPLES = """
glassworks dataset import letters --name letters
glassworks dataset import notes.md tickets.jsonl books.zip --name mine
glassworks dataset import scans --name scans --set data.source.pages=apart --json
"""
RECIPE = "clean-files"


def command(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...", help="Text, PDF, Word, tables, chats, folders, archives."
        ),
    ],
    name: NameOption = None,
    recipe: Annotated[
        str,
        typer.Option("--recipe", help="A recipe, or recipe file, with a setting `path`."),
    ] = RECIPE,
    settings: SetOption = None,
    project: ProjectOption = PROJECT,
    is_fresh: Annotated[
        bool, typer.Option("--fresh", help="Reuse nothing, and begin a new run.")
    ] = False,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
) -> None:
    """Make a dataset of files, folders or archives, and watch it being made.

    Without --name it is called after the first path. The same name again makes a new version. Exit codes are those of `run`.
    """
    import json

    from glassworks import api
    from glassworks.cli.outcome import run_and_tell
    from glassworks.common.settings import load_settings
    from glassworks.engine.gathering import gather
    from glassworks.flow.recipe import load_recipe

    chosen = load_recipe(recipe)
    _check_setting(chosen)
    path = gather(paths, load_settings().home)
    given = [f"path={json.dumps(str(path))}", *(settings or [])]
    called = name or name_of(paths[0])
    code = run_and_tell(
        lambda stopper, on_open: api.run(
            chosen, given, called, project, is_fresh, stopper, on_open
        ),
        is_json,
        is_quiet,
    )
    raise typer.Exit(code)


def name_of(path: Path) -> str:
    """`My Letters.zip` -> `my-letters`."""
    words = re.sub(r"[^a-z0-9._-]+", "-", path.absolute().name.partition(".")[0].lower())
    return words.strip("-._")[:63] or "dataset"


def _check_setting(recipe: Any) -> None:
    from glassworks.common.errors import InvalidSpec

    if "path" not in recipe.settings:
        raise InvalidSpec(
            "no-path-setting",
            f"The recipe {recipe.name!r} has no setting `path`, so it cannot be told what to import.",
            "Use another one, for instance clean-files, or run it with `glassworks run`.",
            "recipe",
        )
