"""Remove what nothing uses.

In: the store. Out: what was removed, or with `--dry-run` would be.
"""

from typing import Annotated

import typer

from glassworks.cli.options import JsonOption

EXAMPLES = """
glassworks gc --dry-run
glassworks gc
"""


def command(
    is_dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    is_json: JsonOption = False,
) -> None:
    """Remove artifacts that no run and no item points to, and leftovers of writers that died.

    What is younger than a day stays, and so does everything that a run made or used.
    """
    from glassworks import api
    from glassworks.cli.failures import print_json

    report = api.gc(is_dry_run)
    if is_json:
        print_json({**vars(report), "is_dry_run": is_dry_run})
        return
    from glassworks.cli import numbers
    from glassworks.cli.console import stdout

    verb = "would be removed" if is_dry_run else "removed"
    things = f"{numbers.plural(len(report.artifacts), 'artifact')} and "
    things += numbers.plural(report.leftovers, "leftover")
    stdout().print(f"{things} {verb}, {numbers.size(report.freed_bytes)}.")
    stdout().print(f"{numbers.plural(report.kept, 'artifact')} in the store.", style="quiet")
    if is_dry_run and (report.artifacts or report.leftovers):
        stdout().print("`glassworks gc` removes them.", style="glass")
