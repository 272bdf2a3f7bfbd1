"""Go another way from any step of a run that was saved.

In: a run and a step, changed settings. Out: a child run that starts from that state.
"""

from typing import Annotated

import typer

from glassworks.cli.options import JsonOption, NameOption, QuietOption, SetOption

EXAMPLES = """
glassworks branch first-model:600 --set train.optimizer.learning_rate=0.01
glassworks branch r4k7m2p9xq:best --set train.steps=2000 --name longer
"""


def command(
    start: Annotated[
        str,
        typer.Argument(
            metavar="RUN:STEP",
            help="A run and a step that was saved: a number, `latest` or `best`.",
        ),
    ],
    settings: SetOption = None,
    name: NameOption = None,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
) -> None:
    """Go another way from a step of a run: a child run that starts there, with changed settings.

    From a saved state everything goes on: weights, optimizer, place in the data. Where only the checkpoint of that step is left, the
    weights are taken; the optimizer starts afresh and the steps count from 0.
    """
    from glassworks import api
    from glassworks.cli.outcome import run_and_tell
    from glassworks.common.errors import InvalidSpec

    if ":" not in start:
        raise InvalidSpec(
            "bad-reference",
            f"{start!r} does not say from which step.",
            f"Give a run and a step, e.g. {start}:latest.",
        )
    code = run_and_tell(
        lambda stopper, on_open: api.continue_run(start, settings, name, stopper, on_open),
        is_json,
        is_quiet,
    )
    raise typer.Exit(code)
