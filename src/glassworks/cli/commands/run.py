"""Build what a recipe describes, and watch it being built.

In: a recipe. Out: its artifacts in the store, the main one under a name; the run folder tells the rest.
"""

from typing import Annotated

import typer

from glassworks.cli.options import (
    PROJECT,
    JsonOption,
    NameOption,
    ProjectOption,
    QuietOption,
    RecipeArgument,
    SetOption,
)

EXAMPLES = """
glassworks run first-model
glassworks run first-model --set train.steps=400 --name small
glassworks run my-recipe.yaml --json
glassworks run first-model --minutes 10
"""


def command(
    recipe: RecipeArgument,
    settings: SetOption = None,
    name: NameOption = None,
    project: ProjectOption = PROJECT,
    is_fresh: Annotated[
        bool, typer.Option("--fresh", help="Reuse nothing, and begin a new run.")
    ] = False,
    minutes: Annotated[
        float | None,
        typer.Option(
            "--minutes", min=0.01, max=100_000, help="Choose the model and its training for a time."
        ),
    ] = None,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
) -> None:
    """Build what a recipe describes, and watch it being built.

    Stages whose result exists already are reused, and an unfinished run of the same recipe is gone on with. Ctrl-C
    saves and stops; twice stops at once. The exit code is 0 when it is done, 130 when it was stopped, 2 when it failed.
    """
    from glassworks import api
    from glassworks.cli.outcome import run_and_tell

    code = run_and_tell(
        lambda stopper, on_open: api.run(
            recipe, settings, name, project, is_fresh, stopper, on_open, minutes
        ),
        is_json,
        is_quiet,
    )
    raise typer.Exit(code)
