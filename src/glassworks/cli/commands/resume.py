"""Go on with a run that was stopped, failed or cut off.

In: an unfinished run. Out: what it was to make; training goes on from its newest sound state.
"""

import typer

from glassworks.cli.options import JsonOption, QuietOption, RunArgument

EXAMPLES = """
glassworks resume r4k7m2p9xq
glassworks resume first-model
"""


def command(run: RunArgument, is_json: JsonOption = False, is_quiet: QuietOption = False) -> None:
    """Go on with a run that was stopped, failed or cut off, from its newest sound state.

    On the same kind of machine the result is the same, bit for bit, as if it had never stopped; where that does not
    hold, the run says so and why.
    """
    from glassworks import api
    from glassworks.cli.outcome import run_and_tell

    code = run_and_tell(
        lambda stopper, on_open: api.resume(run, stopper, on_open), is_json, is_quiet
    )
    raise typer.Exit(code)
