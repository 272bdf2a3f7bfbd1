"""A web server on 127.0.0.1 for the tests: each path is answered as its test says, whole, in pieces or cut short.

`with web_server(home, {"/a.txt": Page(b"text")}) as web:` writes `network.json` into the home, so that this server (and no
other) may be asked. `web.asked` are the requests that came: method, path, headers.
"""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Made for these tests with its key, for the name `localhost`, until the year 2126: `openssl req -x509 -nodes -days 36500 ...`."""
Answerer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Page:
    """What lies at a path. `length`: what is declared, if it is not the truth; `status`: one for each request, the last stays."""

    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int | list[int] = 200
    length: int | None = None

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        status = self.status if isinstance(self.status, int) else self.status[0]
        if isinstance(self.status, list) and len(self.status) > 1:
            self.status.pop(0)
        handler.send_response(status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        length = len(self.body) if self.length is None else self.length
        handler.send_header("Content-Length", str(length))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(self.body)


def redirect(to: str, status: int = 302) -> Page:
    return Page(headers={"Location": to}, status=status)


@dataclass
class Web:
    url: str
    port: int
    pages: dict[str, Answerer]
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def web_server(home: Path, pages: dict[str, Any], is_secure: bool = False) -> Iterator[Web]:
    """Serve the pages until the block ends; securely: with the certificate of `localhost.pem`, which nobody trusts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    if is_secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    scheme = "https" if is_secure else "http"
    web = Web(f"{scheme}://127.0.0.1:{server.server_port}", server.server_port, pages)
    server.web = web  # type: ignore[attr-defined]
    allow(home, private_hosts=[f"127.0.0.1:{web.port}"])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def allow(home: Path, **rules: Any) -> None:
    """Write the administrator's list."""
    home.mkdir(exist_ok=True)
    (home / "network.json").write_text(json.dumps(rules))


class _Handler(BaseHTTPRequestHandler):
    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(10)

    def do_GET(self) -> None:
        web: Web = self.server.web  # type: ignore[attr-defined]
        web.asked.append((self.command, self.path, dict(self.headers)))
        page = web.pages.get(self.path, Page(status=404))
        try:
            page(self)
        except OSError:  # the client has gone
            self.close_connection = True

    do_HEAD = do_GET  # noqa: N815 (the name that the base class looks for)

    def log_message(self, *_: Any) -> None:
        """Tests print nothing."""
