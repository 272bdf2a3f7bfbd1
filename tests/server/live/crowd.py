"""A crowd of viewers on one real server: each follows a run from its own cursors, counts every step row that it gets, and
comes back with its cursors whenever it is cut off. Light enough for a thousand of them in one process.
"""

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator, Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 5.0
"""A viewer that was cut off comes back as the pages do: after a moment, each time twice as long, by chance not all at once."""


class Viewer:
    """One connection and what came through it. `counts[step]` is how often a step's row came."""

    def __init__(self, heard: Callable[[int], None] | None = None) -> None:
        self.cursor: str | None = None
        self.metrics: str | None = None
        self.counts = bytearray()
        self.num_snapshots = 0
        self.num_connections = 0
        self.num_bytes = 0
        self.status = ""
        self.socket: ClientConnection | None = None
        self._heard = heard
        """Called with the last step of each frame of rows: the bench measures how late it comes."""

    @property
    def last_step(self) -> int:
        return len(self.counts) - 1

    @property
    def gaps(self) -> int:
        """Steps between the first and the last that never came."""
        return self.counts[1:].count(0)

    @property
    def doubles(self) -> int:
        return sum(count - 1 for count in self.counts if count > 1)

    def cut(self) -> None:
        """The line is gone, without a goodbye."""
        if self.socket is not None:
            self.socket.transport.abort()
            self.socket = None

    async def follow(self, where: "Where", run: str) -> None:
        """Follow until cancelled."""
        wait_s = FIRST_WAIT_S
        while True:
            before = self.num_connections
            with contextlib.suppress(OSError, TimeoutError, WebSocketException):
                await self._connection(where, run)
            self.socket = None
            wait_s = FIRST_WAIT_S if self.num_connections > before else wait_s * 2
            await asyncio.sleep(min(wait_s, LONGEST_WAIT_S) * random.uniform(0.75, 1.25))

    async def _connection(self, where: "Where", run: str) -> None:
        address, token = where()
        async with connect(
            address.replace("http", "ws", 1) + "/api/live",
            additional_headers={"Authorization": f"Bearer {token}"},
            compression=None,
            max_size=None,
            open_timeout=60,
            ping_interval=None,
            proxy=None,
        ) as socket:
            self.socket = socket
            self.num_connections += 1
            wish = {"type": "subscribe", "topic": f"run:{run}"}
            wish |= {"cursor": self.cursor or "", "metrics": self.metrics or ""}
            await socket.send(json.dumps({k: v for k, v in wish.items() if v}))
            async for message in socket:
                self.num_bytes += len(message)
                if (answer := self._take(json.loads(message))) is not None:
                    await socket.send(answer)

    def _take(self, frame: dict[str, Any]) -> str | None:
        match frame["type"]:
            case "ping":
                return '{"type":"pong"}'
            case "snapshot":
                self.num_snapshots += 1
                self.cursor, self.metrics, self.counts = frame["cursor"], None, bytearray()
                self.status = frame["state"]["status"]
            case "events":
                self.cursor = frame["cursor"]
                ended = [e["type"] for e in frame["events"] if e["type"] == "run.done"]
                self.status = "done" if ended else self.status
            case "metrics":
                self.metrics = frame["cursor"]
                self._count([int(row["step"]) for row in frame["rows"]])
        return None

    def _count(self, steps: list[int]) -> None:
        missing = steps[-1] + 1 - len(self.counts)
        self.counts.extend(bytes(max(missing, 0)))
        for step in steps:
            self.counts[step] += 1
        if self._heard is not None:
            self._heard(steps[-1])


Where = Callable[[], tuple[str, str]]
"""(address, token) of the server now: another after it was started again."""


@contextlib.asynccontextmanager
async def crowd(viewers: list[Viewer], where: Where, run: str) -> AsyncIterator[None]:
    """All of them follow the run until the block is left."""
    tasks = [asyncio.create_task(viewer.follow(where, run)) for viewer in viewers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until_all(viewers: list[Viewer], is_so: Callable[[Viewer], bool], limit_s: float) -> None:
    """Wait until it is so for each viewer. Raises TimeoutError."""
    async with asyncio.timeout(limit_s):
        while not all(is_so(viewer) for viewer in viewers):
            await asyncio.sleep(0.02)
