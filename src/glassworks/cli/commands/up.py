"""Start the server with its pages, in this terminal.

In: the home folder. Out: a sign-in link, and a server until Ctrl-C. Unusual: this process becomes the server.
"""

from typing import Annotated

import typer

from glassworks.cli.options import JsonOption

EXAMPLES = """
glassworks up
glassworks up --port 8401 --no-browser
"""


def command(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any free one.")] = 8400,
    has_no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the link.")
    ] = False,
    has_no_first_run: Annotated[
        bool, typer.Option("--no-first-run", help="Begin nothing by itself in an empty store.")
    ] = False,
    is_json: JsonOption = False,
) -> None:
    """Start the server and print a link that signs you in, once.

    Ctrl-C ends the server; what runs goes on and is taken up again at the next start. Where a server runs already, this
    prints a new link to it. With --json the object comes as soon as the server is ready: `{link, address, pid}`.
    """
    import os
    import sys

    from glassworks.cli.linking import tell_link
    from glassworks.common.settings import load_settings
    from glassworks.engine.server_link import find_server

    running = find_server(load_settings())
    if running is not None:
        tell_link(running, not has_no_browser, is_json)
        return
    options = ["--port", str(port)]
    options += ["--no-browser"] if has_no_browser else []
    options += ["--no-first-run"] if has_no_first_run else []
    options += ["--json"] if is_json else []
    os.execv(sys.executable, [sys.executable, "-P", "-m", "glassworks.app", *options])
