"""Open the pages of the running server: a new sign-in link.

In: a running server. Out: a link that works once, also through a tunnel from another machine.
"""

from typing import Annotated

import typer

from glassworks.cli.options import JsonOption

EXAMPLES = """
glassworks open
glassworks open --no-browser
"""


def command(
    has_no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the link.")
    ] = False,
    is_json: JsonOption = False,
) -> None:
    """Print a new link that signs you in, once, and open it in the browser if there is one.

    From another machine: `ssh -L 8400:127.0.0.1:8400 HOST`, then open the link there; the local port may be any.
    """
    from glassworks.cli.linking import tell_link
    from glassworks.common.settings import load_settings
    from glassworks.engine.server_link import need_server

    tell_link(need_server(load_settings()), not has_no_browser, is_json)
