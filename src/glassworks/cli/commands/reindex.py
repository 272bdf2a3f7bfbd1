"""Rebuild the server's index from the folders.

In: the store. Out: how many runs, items and projects it holds, and what could not be read.
"""

from typing import Any

import typer

from glassworks.cli.options import JsonOption

EXAMPLES = """
glassworks reindex
glassworks reindex --json
"""


def command(is_json: JsonOption = False) -> None:
    """Rebuild runs, items and projects in the database from the folders alone.

    The folders are the truth; this is for when they were changed from outside, or the database was lost. A running
    server does it itself.
    """
    from glassworks.cli.console import stderr, stdout
    from glassworks.cli.failures import EXIT_FAILED, print_json
    from glassworks.cli.numbers import plural
    from glassworks.common.settings import load_settings
    from glassworks.engine.server_link import find_server

    server = find_server(load_settings())
    found = server.call("POST", "/api/storage/reindex") if server else reindex_alone()
    if is_json:
        print_json(found)
    else:
        counted = ", ".join(plural(found[f"{noun}s"], noun) for noun in ("run", "item", "project"))
        stdout().print(f"The index holds {counted}.")
    for problem in found["unreadable"]:
        stderr().print(f"! not readable  {problem}", style="warn", soft_wrap=True)
    raise typer.Exit(EXIT_FAILED if found["unreadable"] else 0)


def reindex_alone() -> dict[str, Any]:
    """The server's program does it, without serving. Raises Unavailable with what it said when it fails."""
    import json
    import subprocess
    import sys

    from glassworks.common.errors import Unavailable

    done = subprocess.run(
        [sys.executable, "-P", "-m", "glassworks.app", "--reindex"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or ["It said nothing."]
        raise Unavailable(
            "reindex-failed",
            f"The index could not be rebuilt: {said[0].removeprefix('× ')}",
            said[1].strip() if len(said) == 2 else said[-1],
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
