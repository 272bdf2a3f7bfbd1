"""The guard: what every request passes before and after the app, as plain ASGI so that streams stay streams.

In: any HTTP or WebSocket connection. Out: the same with a request id, security headers, a log line and figures, or a refusal:
a Host that is no loopback name (DNS rebinding), an Origin that is not our own, a body that is too long.
"""

import time
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glassworks.common.errors import Forbidden, GlassworksError, LimitReached
from glassworks.common.ids import new_run_id
from glassworks.server.http.figures import DURATIONS, REQUESTS
from glassworks.server.http.logs import access_log
from glassworks.server.http.problems import problem_response

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MAX_JSON_BYTES = 1 << 20
API, PAGES = "/api", "/{path:path}"
UPLOADS = "/api/uploads/"
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Outermost of all; `app` is the application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope.setdefault("state", {})["request_id"] = request_id = new_run_id()[1:]
        try:
            check_origin(scope, headers)
            check_length(scope, headers)
        except GlassworksError as error:
            await _refuse(scope, receive, send, error, request_id)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        await self._answer(scope, receive, send, request_id)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started, status = time.monotonic(), 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                add_headers(message, request_id)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            route = route_of(scope)
            took_s = time.monotonic() - started
            REQUESTS.labels(scope["method"], route, str(status)).inc()
            DURATIONS.labels(scope["method"], route).observe(took_s)
            access_log(request_id, scope["method"], scope["path"], status, took_s)


def route_of(scope: Scope) -> str:
    """The address with its placeholders, so that figures stay few; a slice's route does not know its own prefix."""
    path: str = getattr(scope.get("route"), "path", "other")
    is_call = scope["path"].startswith(f"{API}/") and not path.startswith(API)
    return API + path if is_call and path.startswith("/") and path != PAGES else path


def add_headers(message: Any, request_id: str) -> None:
    headers = MutableHeaders(scope=message)
    headers["X-Request-Id"] = request_id
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def check_origin(scope: Scope, headers: Headers) -> None:
    """Raises Forbidden for a foreign Host or Origin. A WebSocket of a browser must name its Origin."""
    host = headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in LOOPBACK:
        raise Forbidden(
            "foreign-host",
            f"This server does not answer to the name {host!r}.",
            "Open it as 127.0.0.1 or localhost; a tunnel to a local port is fine.",
        )
    origin = headers.get("origin")
    is_socket = scope["type"] == "websocket"
    if origin is None and not (is_socket and "authorization" not in headers):
        return
    if origin is None or urlsplit(origin).netloc != host:
        raise Forbidden(
            "foreign-origin",
            f"A page of {origin or 'nobody knows where'} may not talk to this server.",
            "Open Glassworks itself.",
        )


def check_length(scope: Scope, headers: Headers) -> None:
    """Raises LimitReached for a body that is no upload and is over 1 MB, or does not say how long it is."""
    length = headers.get("content-length", "0")
    if scope["path"].startswith(UPLOADS):
        return
    if "transfer-encoding" in headers:
        raise LimitReached(
            "body-too-long",
            f"The request does not say how long it is; at most {MAX_JSON_BYTES:,} bytes are taken here.",
            "Send it in one piece with a Content-Length.",
        )
    if not length.isdecimal() or int(length) > MAX_JSON_BYTES:
        raise LimitReached(
            "body-too-long",
            f"The request has {length} bytes; at most {MAX_JSON_BYTES:,} are taken here.",
            "Upload a file instead.",
        )


async def _refuse(
    scope: Scope, receive: Receive, send: Send, error: GlassworksError, request_id: str
) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4003, "reason": error.code})
        return

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            add_headers(message, request_id)
        await send(message)

    access_log(request_id, scope["method"], scope["path"], error.status, 0.0)
    await problem_response(error, request_id)(scope, receive, send_with_headers)
