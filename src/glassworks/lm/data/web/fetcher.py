"""Fetching, bounded: a file of the web onto the disk, or a short answer into memory.

In: an address, rules, a budget of bytes and seconds for all that one import fetches. Out: an `Answer`: status, headers, where
it came from in the end, and the sha256 of its bytes. Nothing that a server says of itself is believed: what it declares is
refused at once if it is too much, and what comes is counted, packed and unpacked. A redirect is checked like a new address; it
may not lead from https to http, and what was secret stays with the host that it was meant for.

    no answer, a cut connection, status 5xx    Unavailable  fetch-failed (after three tries)
    404, 410                                   NotFound     address-not-found
    401, 403                                   Forbidden    address-forbidden
    a circle of redirects, or a bad one        Unavailable  bad-redirect
    too many bytes, too many seconds           LimitReached fetch-too-large, Unavailable fetch-too-slow
"""

import hashlib
import http.client
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from glassworks.common.errors import (
    Forbidden,
    GlassworksError,
    InvalidSpec,
    LimitReached,
    NotFound,
    Unavailable,
)
from glassworks.common.version import VERSION
from glassworks.lm.data.web.addresses import Address, numbers_of, parse_address
from glassworks.lm.data.web.connection import Connection
from glassworks.lm.data.web.rules import NetworkRules

MAX_REDIRECTS = 5
NUM_TRIES = 3
RETRY_S = 0.5
"""Wait before the second try; it doubles."""
MAX_WAIT_S = 20.0
BLOCK_BYTES = 1 << 18
SHORT_BYTES = 32 << 20
"""Most that is read into memory."""
REDIRECTS = {301, 302, 303, 307, 308}
PASSING = {429, 500, 502, 503, 504}
"""What may be gone a moment later."""
NO_HEAD = {400, 403, 405, 501}
"""What servers say that give out a file and do not like to be asked about it."""
SECRET = "Authorization"


@dataclass(frozen=True)
class Answer:
    """What a server answered. Header names in lower case; `num_bytes` and `sha256` of what came, unpacked."""

    address: Address
    status: int
    headers: dict[str, str]
    num_bytes: int = 0
    sha256: str = ""


class Fetcher:
    """All that one import fetches. `tell(done, declared)` hears bytes as they come, and may raise to stop; `explain(answer)`
    may raise an error of its own for a status that brings no content."""

    def __init__(
        self,
        rules: NetworkRules,
        max_bytes: int,
        max_seconds: float,
        tell: Callable[[int, int], None] = lambda done, declared: None,
        explain: Callable[[Answer], None] = lambda answer: None,
    ) -> None:
        self.rules = rules
        self._tell, self._explain = tell, explain
        self.max_bytes = min(max_bytes, rules.max_bytes)
        self._max_seconds = min(max_seconds, rules.max_seconds)
        self._deadline = time.monotonic() + self._max_seconds
        self.num_bytes = 0
        self.num_declared = 0

    def look(self, url: str, headers: dict[str, str] | None = None) -> Answer:
        """What a server says of an address, without its content; status 400, 403, 405, 501: it says nothing.

        Errors: see the head of this module.
        """
        return self._try(lambda: self._answer("HEAD", url, headers or {}, None))

    def fetch(self, url: str, to: Path, headers: dict[str, str] | None = None) -> Answer:
        """The content of an address into a file. Errors: see the head of this module."""

        def once() -> Answer:
            with to.open("wb") as file:
                return self._answer("GET", url, headers or {}, lambda block: _write(file, block))

        try:
            return self._try(once)
        except _DiskError as error:
            raise error.error from error

    def read(self, url: str, headers: dict[str, str] | None = None) -> tuple[Answer, bytes]:
        """A short answer, as bytes. Errors: see the head of this module."""
        parts: list[bytes] = []

        def once() -> Answer:
            parts.clear()
            return self._answer("GET", url, headers or {}, parts.append, SHORT_BYTES)

        return self._try(once), b"".join(parts)

    def _try(self, once: Callable[[], Answer]) -> Answer:
        """Again after a moment, where the failure may be gone by then."""
        for number in range(1, NUM_TRIES):
            before = self.num_bytes, self.num_declared
            try:
                return once()
            except _PassingError as failure:
                self.num_bytes, self.num_declared = before
                wait_s = max(RETRY_S * 2 ** (number - 1), failure.wait_s)
                if time.monotonic() + wait_s > self._deadline:
                    raise failure.error from failure
                time.sleep(wait_s)
        try:
            return once()
        except _PassingError as failure:
            raise failure.error from failure

    def _answer(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        keep: Callable[[bytes], object] | None,
        max_bytes: int | None = None,
    ) -> Answer:
        """Follow redirects to the end, and take what comes there."""
        address = first = parse_address(url)
        for _ in range(MAX_REDIRECTS + 1):
            with self._asked(method, address, headers) as response:
                if response.status not in REDIRECTS:
                    found = {name.lower(): value for name, value in response.getheaders()}
                    answer = Answer(address, response.status, found)
                    if not (method == "HEAD" and response.status in NO_HEAD):
                        self._check_status(answer, first)
                    return answer if keep is None else self._take(response, answer, keep, max_bytes)
                target = self._redirected(address, response.getheader("Location"))
            if target.origin != address.origin:
                headers = {name: value for name, value in headers.items() if name != SECRET}
            address = target
        raise _bad_redirect(first, f"leads through more than {MAX_REDIRECTS} redirects")

    @contextmanager
    def _asked(
        self, method: str, address: Address, headers: dict[str, str]
    ) -> Iterator[http.client.HTTPResponse]:
        """A request to a checked address, and the answer while it is read; every failure as one of ours."""
        self.rules.check(address)
        numbers = numbers_of(address, self.rules.is_private(address))
        connection = Connection(address, numbers, self._deadline)
        own = {"Accept-Encoding": "identity", "User-Agent": f"glassworks/{VERSION}"}
        try:
            connection.request(method, address.target, headers=own | headers)
            with connection.getresponse() as response:
                yield response
        except (http.client.HTTPException, OSError, zlib.error) as error:
            if connection.is_cut:
                raise self._too_slow(address) from error
            if isinstance(error, ssl.SSLCertVerificationError):
                raise _failed(address, error.verify_message) from error
            raise _PassingError(_failed(address, str(error) or type(error).__name__)) from error
        finally:
            connection.finish()

    def _take(
        self,
        response: http.client.HTTPResponse,
        answer: Answer,
        keep: Callable[[bytes], object],
        max_bytes: int | None,
    ) -> Answer:
        """Count, hash and keep what comes. Raises LimitReached before more is kept than may be."""
        left = self.max_bytes - self.num_bytes
        left = left if max_bytes is None else min(left, max_bytes)
        declared = response.length or 0
        self._check_size(declared, left, answer.address)
        self.num_declared += declared
        hash_, num_bytes = hashlib.sha256(), 0
        for block in _unpacked(response):
            num_bytes += len(block)
            self._check_size(num_bytes, left, answer.address)
            hash_.update(block)
            keep(block)
            self.num_bytes += len(block)
            self._tell(self.num_bytes, max(self.num_bytes, self.num_declared))
        if time.monotonic() >= self._deadline:
            raise self._too_slow(answer.address)
        return Answer(answer.address, answer.status, answer.headers, num_bytes, hash_.hexdigest())

    def _check_status(self, answer: Answer, address: Address) -> None:
        """Raises NotFound, Forbidden, Unavailable for a status that brings no content."""
        status, url = answer.status, address.shown
        if status == 200:
            return
        self._explain(answer)
        if status in (404, 410):
            raise NotFound(
                "address-not-found",
                f"There is nothing at {url} ({status}).",
                "Check the address.",
                url,
            )
        if status in (401, 403):
            raise Forbidden(
                "address-forbidden",
                f"{address.host} does not give out {url} ({status}).",
                "It may need a sign-in; fetch it yourself and use the source files.",
                url,
            )
        error = _failed(address, f"the server answered with status {status}")
        if status in PASSING:
            wait = answer.headers.get("retry-after", "")
            raise _PassingError(error, min(float(wait), MAX_WAIT_S) if wait.isdecimal() else 0.0)
        raise error

    def _redirected(self, address: Address, location: str | None) -> Address:
        if not location:
            raise _bad_redirect(address, "redirects to nowhere")
        try:
            target = address.join(location)
        except InvalidSpec as error:
            raise _bad_redirect(address, f"redirects badly ({error.message})") from error
        if address.scheme == "https" and target.scheme == "http":
            raise _bad_redirect(address, "redirects from https to http")
        return target

    def _check_size(self, num_bytes: int, left: int, address: Address) -> None:
        if num_bytes > left:
            raise LimitReached(
                "fetch-too-large",
                f"{address.shown} has more than the {max(left, 0):,} bytes that may still come.",
                "Raise source.max_bytes, or name fewer files.",
                address.shown,
            )

    def _too_slow(self, address: Address) -> Unavailable:
        return Unavailable(
            "fetch-too-slow",
            f"{address.shown} was not there after {self._max_seconds:,.0f} s.",
            "Raise source.max_seconds, or fetch it by other means and use the source files.",
            address.shown,
        )


class _DiskError(Exception):
    """The disk's own failure, kept apart from those of the network."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


def _write(file: IO[bytes], block: bytes) -> None:
    try:
        file.write(block)
    except OSError as error:
        raise _DiskError(error) from error


class _PassingError(Exception):
    """A failure that may be gone a moment later."""

    def __init__(self, error: GlassworksError, wait_s: float = 0.0) -> None:
        super().__init__(error.message)
        self.error, self.wait_s = error, wait_s


def _unpacked(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """The body in blocks of bounded size; packed only where the server insists. Raises when it ends too early."""
    packing = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if packing not in ("identity", "gzip", "deflate"):
        raise http.client.HTTPException(f"it is packed as {packing!r}, which was not asked for")
    unpacker = zlib.decompressobj(15 if packing == "deflate" else 47)
    while block := response.read(BLOCK_BYTES):
        if packing == "identity":
            yield block
            continue
        while block and not unpacker.eof:
            yield unpacker.decompress(block, BLOCK_BYTES)
            block = unpacker.unconsumed_tail
    if response.length or (packing != "identity" and not unpacker.eof):
        raise http.client.HTTPException("the connection ended before the file did")


def _failed(address: Address, why: str) -> Unavailable:
    return Unavailable(
        "fetch-failed",
        f"{address.shown} could not be fetched: {why[:300]}",
        "Check the address and the network, then run again.",
        address.shown,
    )


def _bad_redirect(address: Address, what: str) -> Unavailable:
    return Unavailable(
        "bad-redirect",
        f"{address.shown} {what}.",
        "Use the address where the file itself lies.",
        address.shown,
    )
