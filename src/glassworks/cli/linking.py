"""A sign-in link to a running server: asked for, printed, and opened where there is a screen."""

import os
import sys
import webbrowser

from glassworks.cli.console import stdout
from glassworks.cli.failures import print_json
from glassworks.engine.server_link import ServerLink


def tell_link(server: ServerLink, has_browser: bool, is_json: bool) -> None:
    """Print a new one-time link, as JSON or in words; in words it is opened in the browser too, if there is one."""
    link = server.address + server.call("POST", "/api/session/links")["url_path"]
    if is_json:
        print_json({"link": link, "address": server.address, "pid": server.pid})
        return
    stdout().print(f"The server runs at {server.address} (process {server.pid}).", soft_wrap=True)
    stdout().print("This link signs you in, once, within ten minutes:", style="quiet")
    stdout().print(f"\n  {link}\n", style="glass", soft_wrap=True)
    if has_browser and has_display():
        webbrowser.open(link)


def has_display() -> bool:
    """Whether a browser window could be seen here."""
    return sys.platform == "darwin" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
