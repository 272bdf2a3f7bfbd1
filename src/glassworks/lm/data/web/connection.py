"""One connection to a checked number, with an end in time.

`Connection` speaks HTTP or HTTPS to the number that it was given; the name is used for the certificate and the `Host` header
only. No proxy of the environment is used: it would resolve names anew, behind the check. Unusual: a timer cuts the connection
when the time is up, so that one that sends a byte a second does not last for ever.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time

from glassworks.lm.data.web.addresses import Address

CONNECT_S = 10.0
IDLE_S = 60.0
"""Longest silence within an answer."""


class Connection(http.client.HTTPConnection):
    """A connection to one of `numbers`, cut at `deadline` (of `time.monotonic`)."""

    def __init__(self, address: Address, numbers: list[str], deadline: float) -> None:
        super().__init__(address.host, address.port, timeout=IDLE_S)
        self._address, self._numbers, self._deadline = address, numbers, deadline
        self._timer: threading.Timer | None = None
        self._spoken_on: socket.socket | None = None
        self.is_cut = False

    def connect(self) -> None:
        plain = self._first_that_answers()
        plain.settimeout(IDLE_S)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = self._spoken_on = plain
        self._timer = threading.Timer(max(0.0, self._deadline - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()
        if self._address.scheme == "https":
            secure = ssl.create_default_context().wrap_socket(
                plain, server_hostname=self._address.host, do_handshake_on_connect=False
            )
            self.sock = self._spoken_on = secure
            secure.do_handshake()

    def finish(self) -> None:
        """Close it. Not in `close`, which the base class calls while the answer is still read."""
        if self._timer is not None:
            self._timer.cancel()
        self.close()

    def _first_that_answers(self) -> socket.socket:
        failure: OSError = OSError("it has no address")
        for number in self._numbers:
            left_s = self._deadline - time.monotonic()
            if left_s <= 0:
                self.is_cut = True
                raise TimeoutError
            try:
                return socket.create_connection((number, self.port), min(CONNECT_S, left_s))
            except OSError as error:
                failure = error
        raise failure

    def _cut(self) -> None:
        self.is_cut = True
        if self._spoken_on is not None:
            with contextlib.suppress(OSError):
                # that of the plain class: the one of TLS would change what the reader is using
                socket.socket.shutdown(self._spoken_on, socket.SHUT_RDWR)
