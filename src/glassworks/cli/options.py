"""Options and arguments that several commands share, with one wording."""

from typing import Annotated

import typer

from glassworks.common.settings import DEFAULT_PROJECT

JsonOption = Annotated[
    bool, typer.Option("--json", help="One JSON object on stdout; progress goes to stderr.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change a field (train.steps=400) or a named setting of the recipe. Repeat for more.",
    ),
]
NameOption = Annotated[
    str | None, typer.Option("--name", help="Name of the result and of the run.")
]
ProjectOption = Annotated[str, typer.Option("--project", help="Project that the result goes to.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Say only how it ended.")]
RecipeArgument = Annotated[
    str, typer.Argument(metavar="RECIPE", help="A recipe's name, or a recipe file.")
]
RunArgument = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's id, the beginning of one, or its name.")
]
PROJECT = DEFAULT_PROJECT
