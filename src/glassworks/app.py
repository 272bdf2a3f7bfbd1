"""The server as a program: `python -m glassworks.app [--port 8400] [--no-browser] [--no-first-run]`, or `--reindex`.

In: the home folder, which it holds alone while it runs. Out: pages and interface on 127.0.0.1, a one-time sign-in link on the
terminal, `server.json` (mode 600) by which commands find it. Ctrl-C ends the server; what runs goes on and is adopted at
the next start. With `--reindex` it only rebuilds the index and says in JSON what it found. Unusual: no torch in here.
"""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from glassworks.common.clock import utc_now
from glassworks.common.errors import Conflict, GlassworksError, Unavailable
from glassworks.common.settings import Settings, load_settings
from glassworks.engine.workshop import Workshop
from glassworks.server.db.database import Database, sqlite_url
from glassworks.server.http.app import create_app, guarded
from glassworks.server.http.context import Context
from glassworks.server.http.logs import log_to_folder
from glassworks.server.http.people import make_key
from glassworks.server.jobs.index import index_changed, reindex
from glassworks.server.jobs.jobs import Jobs
from glassworks.server.live.hub import Hub
from glassworks.storage.locks import exclusive
from glassworks.storage.store import open_home, open_store

DEFAULT_PORT = 8400
GRACE_S = 3
MANY_RUNS = 40
EXIT_FAILED = 2
EXIT_STOPPED = 130


def main(arguments: list[str] | None = None) -> int:
    """Serve until asked to end; two lines and exit code 2 when that is not possible."""
    parser = argparse.ArgumentParser(prog="python -m glassworks.app")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--no-first-run", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--reindex", action="store_true")
    wish = parser.parse_args(arguments)
    try:
        settings = load_settings()
        open_home(settings)
        with exclusive(settings.server_lock, _running(settings)):
            if wish.reindex:
                sys.stdout.write(json.dumps(rebuild_index(settings)) + "\n")
                return 0
            with _listen(wish.port) as listener:
                serve(settings, listener, wish)
    except GlassworksError as error:
        sys.stderr.write(f"× {error.message}\n  {error.hint}\n")
        return EXIT_FAILED
    except KeyboardInterrupt:  # before it answered
        return EXIT_STOPPED
    return 0


def serve(settings: Settings, listener: socket.socket, wish: argparse.Namespace) -> None:
    """Open the house, serve, announce it once it answers; close it again."""
    log_to_folder(settings.home / "logs")
    context = open_context(settings)

    def announce() -> None:
        _write_private(settings.server_file, _whereabouts(listener, context.token))
        link = _link(context, listener)
        _tell(link, listener, wish.json)
        if not (wish.no_browser or wish.json) and _has_display():
            threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()

    server = _Server(guarded(create_app(context, not wish.no_first_run)), announce)
    try:
        asyncio.run(server.serve(sockets=[listener]))
    finally:
        settings.server_file.unlink(missing_ok=True)
    if not server.started:
        raise Unavailable(
            "server-not-started",
            "The server could not start.",
            f"The last lines of {settings.home / 'logs' / 'server.jsonl'} say why.",
        )


class _Server(uvicorn.Server):
    """uvicorn that calls `announce` once it answers. A signal that ended it is not raised again: the exit code is 0."""

    def __init__(self, app: ASGIApp, announce: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                ws="websockets-sansio",
                ws_per_message_deflate=False,
                ws_max_size=1 << 16,
                timeout_graceful_shutdown=GRACE_S,
                server_header=False,
                lifespan="on",
            )
        )
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            self._captured_signals.clear()


def open_context(settings: Settings) -> Context:
    """The opened house: store, database brought up to date and indexed, hub and jobs not started yet."""
    workshop = Workshop(settings)
    database = open_database(settings)
    index_changed(database, workshop.store, _tell_of_reading)
    hub = Hub(workshop.store)
    jobs = Jobs(workshop, database, hub)
    context = Context(workshop, database, hub, jobs, token=secrets.token_urlsafe(32))
    context.keep(Workshop, workshop)
    return context


def _tell_of_reading(num_runs: int) -> None:
    if num_runs > MANY_RUNS:
        sys.stderr.write(f"Reading {num_runs} runs into the index; this happens once.\n")


def open_database(settings: Settings) -> Database:
    """The database of a home, brought up to date."""
    database = Database(settings.database_url or sqlite_url(settings.home))
    database.migrate()
    return database


def rebuild_index(settings: Settings) -> dict[str, Any]:
    """Rebuild the index from the folders alone; returns what was found."""
    with contextlib.closing(open_database(settings)) as database:
        return asdict(reindex(database, open_store(settings.store)))


def _whereabouts(listener: socket.socket, token: str) -> str:
    """`server.json`: who the server is and what opens it."""
    host, port = listener.getsockname()[:2]
    said = {"pid": os.getpid(), "host": host, "port": port, "token": token, "started_at": utc_now()}
    return json.dumps(said)


def _write_private(path: Path, text: str) -> None:
    """Readable by its owner only, from its first byte on."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    temporary.replace(path)


@contextlib.contextmanager
def _listen(port: int) -> Iterator[socket.socket]:
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise Unavailable(
                "port-taken",
                f"Port {port} cannot be used: {error.strerror}.",
                "Choose another: `glassworks up --port 8401`.",
            ) from error
        listener.listen(128)
        yield listener
    finally:
        listener.close()


def _link(context: Context, listener: socket.socket) -> str:
    with context.database.transaction() as session:
        key = make_key(session)
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}/sign-in#{key}"


def _tell(link: str, listener: socket.socket, is_json: bool) -> None:
    """Say where the server is; JSON for programs."""
    if is_json:
        host, port = listener.getsockname()[:2]
        said = {"link": link, "address": f"http://{host}:{port}", "pid": os.getpid()}
        sys.stdout.write(json.dumps(said) + "\n")
    else:
        sys.stdout.write(f"Glassworks is ready.\n\n  {link}\n\nCtrl-C stops the server; ")
        sys.stdout.write("what trains goes on. `glassworks open` makes a new link.\n")
    sys.stdout.flush()


def _running(settings: Settings) -> Conflict:
    return Conflict(
        "server-running",
        f"A server holds the home {settings.home} already.",
        "`glassworks open` gives a link to it; `glassworks down` ends it.",
    )


def _has_display() -> bool:
    return sys.platform == "darwin" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


if __name__ == "__main__":
    sys.exit(main())
