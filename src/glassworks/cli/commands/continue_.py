"""Take a run further than it was meant to go.

In: a run with a saved state, and changed settings. Out: a child run that starts from that state.
"""

import typer

from glassworks.cli.options import JsonOption, NameOption, QuietOption, RunArgument, SetOption

EXAMPLES = """
glassworks continue first-model --set train.steps=+500
glassworks continue r4k7m2p9xq --set train.steps=2000 --name longer
"""


def command(
    run: RunArgument,
    settings: SetOption = None,
    name: NameOption = None,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
) -> None:
    """Take a run further: a child run that starts from its last saved state, with changed settings.

    `train.steps=+500` adds to the number that the run had. The run itself stays as it is.
    """
    from glassworks import api
    from glassworks.cli.outcome import run_and_tell

    code = run_and_tell(
        lambda stopper, on_open: api.continue_run(run, settings, name, stopper, on_open),
        is_json,
        is_quiet,
    )
    raise typer.Exit(code)
