"""The live stream on the wire: one WebSocket for any number of topics, and the same frames as server-sent events.

In: a viewer's wishes (`subscribe` with the cursors that it has). Out: frames of `server.live.frames`. A viewer that is silent
for 30 s, signed out, or too slow is closed with a code and comes back with its cursors.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter, ValidationError
from starlette.requests import HTTPConnection

from glassworks.common.errors import GlassworksError
from glassworks.common.version import VERSION
from glassworks.server.http.context import Context, ContextDep
from glassworks.server.http.people import find_session, has_token
from glassworks.server.live.frames import (
    HelloFrame,
    LiveFrame,
    Pong,
    ProblemFrame,
    Subscribe,
    ViewerMessage,
)
from glassworks.server.live.viewer import SIGNED_OUT, SILENT, Viewer
from glassworks.specs.events import ErrorSpec

router = APIRouter()
public_router = APIRouter()
"""The socket checks for itself, since it must say so with a close code."""

SILENT_S = 30.0
CHECK_S = 5.0
BAD_MESSAGE = 4400
MESSAGES: TypeAdapter[ViewerMessage] = TypeAdapter(ViewerMessage)


@public_router.websocket("/live")
async def live(socket: WebSocket, context: ContextDep) -> None:
    """Follow topics until either side leaves."""
    await socket.accept()
    session = await asyncio.to_thread(_session_of, context, socket)
    if session is None:
        await socket.close(SIGNED_OUT, "signed out")
        return
    viewer = Viewer(session)
    context.hub.viewers.add(viewer)
    viewer.offer(_hello(context))
    heard = _Heard()
    tasks = [
        asyncio.create_task(_send(socket, viewer)),
        asyncio.create_task(_receive(socket, viewer, context, heard)),
        asyncio.create_task(_watch(viewer, heard)),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        context.hub.viewers.discard(viewer)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it may have gone first
            await socket.close(viewer.close_code or 1000)


@router.get(
    "/live/stream",
    summary="Follow one topic",
    response_model=LiveFrame,
    response_class=StreamingResponse,
)
async def stream(
    request: Request,
    context: ContextDep,
    topic: Annotated[str, Query(description="What to follow.", examples=["run:r2ab3cd4ef"])],
    cursor: Annotated[
        str | None, Query(description="Where to go on.", examples=["12:2:41"])
    ] = None,
    metrics: Annotated[
        str | None, Query(description="The same for rows.", examples=["2:9"])
    ] = None,
    width: Annotated[
        int | None,
        Query(ge=1, le=100_000, description="Thin a long past to so many rows.", examples=[2000]),
    ] = None,
    last: Annotated[
        str | None,
        Header(
            alias="Last-Event-ID",
            description="What a browser sends when it reconnects.",
            examples=["12:2:41"],
        ),
    ] = None,
) -> StreamingResponse:
    """The frames of the WebSocket as server-sent events; `id` is the cursor, so a browser reconnects without a gap."""
    session = await asyncio.to_thread(_session_of, context, request)
    viewer = Viewer(session or "")
    viewer.offer(_hello(context))
    await context.hub.subscribe(viewer, topic, last or cursor, metrics, width)
    context.hub.viewers.add(viewer)
    return StreamingResponse(
        _as_events(request, context, viewer),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


class _Heard:
    """When a viewer last said something."""

    def __init__(self) -> None:
        self.at = time.monotonic()


def _session_of(context: Context, connection: HTTPConnection) -> str | None:
    """The session that a connection belongs to, empty for one with the token; None for nobody."""
    if has_token(context, connection):
        return ""
    found = find_session(context, connection)
    return found.token_hash if found else None


def _hello(context: Context) -> str:
    return HelloFrame(version=VERSION, epoch=context.hub.epoch).model_dump_json()


async def _send(socket: WebSocket, viewer: Viewer) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while (frame := await viewer.take()) is not None:
            await socket.send_text(frame)


async def _receive(socket: WebSocket, viewer: Viewer, context: Context, heard: _Heard) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            text = await socket.receive_text()
            heard.at = time.monotonic()
            try:
                message = MESSAGES.validate_json(text)
            except ValidationError:
                viewer.close(BAD_MESSAGE)
                return
            if isinstance(message, Subscribe):
                await _subscribe(context, viewer, message)
            elif not isinstance(message, Pong):
                viewer.topics.discard(message.topic)


async def _subscribe(context: Context, viewer: Viewer, wish: Subscribe) -> None:
    try:
        await context.hub.subscribe(viewer, wish.topic, wish.cursor, wish.metrics, wish.width)
    except GlassworksError as error:
        problem = ErrorSpec.model_validate(error.to_dict())
        viewer.offer(ProblemFrame(topic=wish.topic, error=problem).model_dump_json())


async def _watch(viewer: Viewer, heard: _Heard) -> None:
    while time.monotonic() - heard.at < SILENT_S:
        await asyncio.sleep(CHECK_S)
    viewer.close(SILENT)
    await asyncio.sleep(CHECK_S)


async def _as_events(request: Request, context: Context, viewer: Viewer) -> AsyncIterator[str]:
    try:
        while (frame := await viewer.take()) is not None:
            cursor = _cursor_of(frame)
            yield (f"id: {cursor}\n" if cursor else "") + f"data: {frame}\n\n"
            if await request.is_disconnected():
                return
    finally:
        context.hub.viewers.discard(viewer)


def _cursor_of(frame: str) -> str:
    """The cursor of an `events` or `snapshot` frame, read from the encoded text; else nothing."""
    if not frame.startswith(('{"type":"events"', '{"type":"snapshot"')):
        return ""
    return frame.split('"cursor":"', 1)[1].split('"', 1)[0]
