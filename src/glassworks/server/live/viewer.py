"""A viewer: one connection's bounded queue of frames.

The hub offers, the connection takes. A viewer that does not keep up is marked slow and is closed; it comes back with its
cursors and misses nothing, so nobody's slowness costs anyone else memory.
"""

import asyncio
from collections import deque

MAX_FRAMES = 256
MAX_BYTES = 8 << 20
SLOW = 4008
SIGNED_OUT = 4001
SILENT = 4000
GOING_AWAY = 1012


class Viewer:
    """`offer` from the hub's loop, `take` from the connection's; both in the same thread."""

    def __init__(self, session: str = "") -> None:
        self.session = session
        """Which session it belongs to; empty for a command with its token."""
        self.topics: set[str] = set()
        self.close_code: int | None = None
        self._frames: deque[str] = deque()
        self._num_bytes = 0
        self._wake = asyncio.Event()
        self._taken = asyncio.Event()

    def offer(self, frame: str) -> None:
        """Queue a frame; over the limit the viewer is closed as slow and its queue is dropped."""
        if self.close_code is not None:
            return
        if self._frames and (
            len(self._frames) >= MAX_FRAMES or self._num_bytes + len(frame) > MAX_BYTES
        ):
            self.close(SLOW)
            return
        self._frames.append(frame)
        self._num_bytes += len(frame)
        self._wake.set()

    def close(self, code: int) -> None:
        """Nothing more is sent; `take` says so."""
        self.close_code = code
        self._frames.clear()
        self._wake.set()
        self._taken.set()

    async def room(self) -> None:
        """Wait until less than half of the queue is full, or the viewer is closed."""
        while self.close_code is None and 2 * self._num_bytes > MAX_BYTES:
            self._taken.clear()
            await self._taken.wait()

    async def take(self) -> str | None:
        """The next frame; None once the viewer is to be closed with `close_code`."""
        while not self._frames and self.close_code is None:
            self._wake.clear()
            await self._wake.wait()
        if self.close_code is not None:
            return None
        frame = self._frames.popleft()
        self._num_bytes -= len(frame)
        self._taken.set()
        return frame
