"""End the server; what runs goes on, or is stopped first.

In: a running server. Out: none. Unusual: a server that is not there is no failure, for that is what was asked.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from glassworks.cli.options import JsonOption

if TYPE_CHECKING:
    from glassworks.common.settings import Settings
    from glassworks.engine.server_link import ServerLink

EXAMPLES = """
glassworks down
glassworks down --runs
"""
POLL_S = 0.2
LIMIT_S = 30.0
ACTIVE = "status=queued&status=running&status=stopping"


def command(
    is_with_runs: Annotated[
        bool, typer.Option("--runs", help="Stop what runs or waits first, each at a saved state.")
    ] = False,
    is_json: JsonOption = False,
) -> None:
    """End the server of this home. What runs goes on and is taken up again at the next start."""
    from glassworks.cli.console import stdout
    from glassworks.cli.failures import print_json
    from glassworks.common.settings import load_settings
    from glassworks.engine.server_link import find_server

    settings = load_settings()
    server = find_server(settings)
    stopped = stop_runs(server) if server and is_with_runs else []
    if server is not None:
        end(server, settings)
    if is_json:
        print_json({"was_running": server is not None, "stopped_runs": stopped})
    elif server is None:
        stdout().print(f"No server holds the home {settings.home}.", soft_wrap=True)
    else:
        stdout().print("The server has ended. `glassworks up` starts it again.")


def stop_runs(server: "ServerLink") -> list[str]:
    """Stop every run, those that wait before the one that runs; returns their ids once all have ended."""
    import time

    from glassworks.cli.console import stderr
    from glassworks.common.errors import Conflict

    asked: list[str] = []
    while runs := active_runs(server):
        for run in sorted(runs, key=lambda run: run["status"] != "queued"):
            if run["id"] in asked:
                continue
            try:
                server.call("POST", f"/api/runs/{run['id']}/pause")
            except Conflict as error:
                if error.code != "not-running":  # it ended by itself in between
                    raise
            stderr().print(f"Saving and stopping {run['name']} ({run['id']}).", style="quiet")
            asked.append(run["id"])
        time.sleep(POLL_S)
    return asked


def active_runs(server: "ServerLink") -> list[dict[str, str]]:
    """Every run, of any project, that runs or waits."""
    projects = server.call("GET", "/api/projects")["items"]
    pages = (
        server.call("GET", f"/api/runs?limit=200&project={project['name']}&{ACTIVE}")
        for project in projects
    )
    return [run for page in pages for run in page["items"]]


def end(server: "ServerLink", settings: "Settings") -> None:
    """Ask the server to end and wait until it let go of the home. Raises Unavailable when it does not."""
    import contextlib
    import os
    import signal
    import time

    from glassworks.common.errors import Unavailable
    from glassworks.storage.locks import is_held

    with contextlib.suppress(ProcessLookupError):
        os.kill(server.pid, signal.SIGTERM)
    deadline = time.monotonic() + LIMIT_S
    while is_held(settings.server_lock):
        if time.monotonic() > deadline:
            raise Unavailable(
                "server-not-ending",
                f"The server (process {server.pid}) has not ended within {LIMIT_S:.0f} s.",
                f"`kill -9 {server.pid}` ends it; runs go on and nothing is lost.",
            )
        time.sleep(POLL_S)
