"""Try several settings of a recipe, and hold the results against each other.

In: a recipe and what is varied. Out: one run with a model for each variant, what they share made once; a table at the end, and
the best model under the recipe's name.
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
glassworks sweep first-model --over train.optimizer.learning_rate=0.01,0.02,0.04
glassworks sweep first-model --over width=64..256:log:3 --over seed=1,2,3
glassworks sweep first-model --over train.optimizer.learning_rate=1e-3..1e-1:log --random 9 --halving
glassworks sweep ablation-positions --plan
"""


def command(  # noqa: PLR0917  # each option of the command line is a parameter
    recipe: RecipeArgument,
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over",
            metavar="KEY=VALUES",
            help="What is varied: a list (1,2,3) or a range (1e-4..1e-2:log:5). Repeat for more.",
        ),
    ] = None,
    num: Annotated[
        int | None, typer.Option("--random", help="Draw so many instead of trying all.", min=1)
    ] = None,
    is_halving: Annotated[
        bool,
        typer.Option("--halving", help="Begin all with few steps; only the best of them go on."),
    ] = False,
    eta: Annotated[
        int, typer.Option("--eta", help="With --halving: one in so many goes on.", min=2, max=10)
    ] = 3,
    metric: Annotated[
        str, typer.Option("--by", help="Metric that the variants are judged by.")
    ] = "bits_per_byte",
    seed: Annotated[int, typer.Option("--seed", help="Start of the draws.", min=0)] = 1337,
    settings: SetOption = None,
    name: NameOption = None,
    project: ProjectOption = PROJECT,
    is_plan: Annotated[
        bool, typer.Option("--plan", help="Say what it would do and cost, and do nothing.")
    ] = False,
    is_fresh: Annotated[
        bool, typer.Option("--fresh", help="Reuse nothing, and begin a new run.")
    ] = False,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
) -> None:
    """Try several settings of a recipe: one run, a model for each variant, a table at the end.

    Seeds are repeats: every choice is trained with each of them, and their spread says what is noise. Like any run it goes
    on where it was stopped, and what was trained before is reused. Exit codes are those of `run`.
    """
    from glassworks.cli import sweeping
    from glassworks.flow.recipe import load_recipe

    document = load_recipe(recipe)
    if over:
        sweep = sweeping.read_sweep(over, num, seed, eta if is_halving else None, metric)
        document = document.model_copy(update={"sweep": sweep})
    if is_plan:
        sweeping.tell_budget(document, settings or [], is_json)
        return
    code = sweeping.run_sweep(document, settings, name, project, is_fresh, is_json, is_quiet)
    raise typer.Exit(code)
