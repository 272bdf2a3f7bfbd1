"""A line between a browser and a server that can be slow, cut in the middle of a request, or dead.

It forwards bytes and looks only at the first line of each request. In: the server's address. Out: an address of its own.
"""

import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

CHUNK_BYTES = 1 << 16
REQUEST = re.compile(rb"^[A-Z]+ \S+ HTTP/1\.1\r\n")
RESET = struct.pack("ii", 1, 0)


class Wire:
    """`with Wire(house.address) as wire:` pages are opened at `wire.address`."""

    def __init__(self, server: str) -> None:
        host, _, port = server.removeprefix("http://").rpartition(":")
        self._server = (host, int(port))
        self._lock = threading.Lock()
        self._held: re.Pattern[str] | None = None
        self._released = threading.Event()
        self._cuts: list[tuple[re.Pattern[str], int]] = []
        self._open: set[socket.socket] = set()
        self.requests: list[str] = []

    def __enter__(self) -> "Wire":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._released.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop()

    @contextmanager
    def slow(self, pattern: str) -> Iterator[None]:
        """Requests whose first line has `pattern` do not get through until the block ends."""
        self._released.clear()
        self._held = re.compile(pattern)
        try:
            yield
        finally:
            self._held = None
            self._released.set()

    def cut(self, pattern: str, after_bytes: int) -> None:
        """The next request whose first line has `pattern` is torn off after so many bytes; call it again for a second cut."""
        with self._lock:
            self._cuts.append((re.compile(pattern), after_bytes))

    @property
    def num_cuts_left(self) -> int:
        return len(self._cuts)

    def drop(self) -> None:
        """Tear all connections off."""
        with self._lock:
            ends = list(self._open)
            self._open.clear()
        for end in ends:
            tear(end)

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(browser,), daemon=True).start()

    def _serve(self, browser: socket.socket) -> None:
        try:
            server = socket.create_connection(self._server)
        except OSError:
            tear(browser)
            return
        with self._lock:
            self._open |= {browser, server}
        threading.Thread(target=self._answers, args=(server, browser), daemon=True).start()
        with suppress(OSError):
            self._asks(browser, server)
        tear(browser)
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)  # in order: what was sent arrives
        server.close()
        with self._lock:
            self._open -= {browser, server}

    def _asks(self, browser: socket.socket, server: socket.socket) -> None:
        left: int | None = None
        while data := browser.recv(CHUNK_BYTES):
            if REQUEST.match(data):
                line = data.partition(b"\r\n")[0].decode()
                self.requests.append(line)
                if self._held is not None and self._held.search(line):
                    self._released.wait()
                left = self._cut_of(line)
            if left is not None and len(data) >= left:
                server.sendall(data[:left])
                return
            left = None if left is None else left - len(data)
            server.sendall(data)

    def _cut_of(self, line: str) -> int | None:
        with self._lock:
            for index, (pattern, after_bytes) in enumerate(self._cuts):
                if pattern.search(line):
                    del self._cuts[index]
                    return after_bytes
        return None

    @staticmethod
    def _answers(server: socket.socket, browser: socket.socket) -> None:
        try:
            while data := server.recv(CHUNK_BYTES):
                browser.sendall(data)
            browser.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def tear(end: socket.socket) -> None:
    """End a connection as a pulled plug does: with a reset, not in order."""
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    end.close()
