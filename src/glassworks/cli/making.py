"""Making something on the way to an answer: a recipe is run, shown on stderr, and its output handed back.

In: a recipe of few nodes. Out: the id of its main output.
"""

import typer

from glassworks import api
from glassworks.cli.console import stderr
from glassworks.cli.display.live import make_display
from glassworks.cli.driving import drive_and_show
from glassworks.cli.failures import EXIT_STOPPED
from glassworks.cli.outcome import PLANNING
from glassworks.common.errors import error_from_dict
from glassworks.specs.flow import RecipeSpec


def make_output(recipe: RecipeSpec, project: str, is_quiet: bool) -> str:
    """Run it; returns its output's id. Raises what made it fail, Exit where the person stopped it."""
    result = drive_and_show(
        lambda stopper, on_open: api.run(recipe, project=project, stopper=stopper, on_open=on_open),
        make_display(stderr(), is_quiet),
        PLANNING,
    )
    if result.state.error is not None:
        raise error_from_dict(result.state.error.to_json())
    if result.state.status != "done":
        raise typer.Exit(EXIT_STOPPED)
    return result.outputs[recipe.output]
