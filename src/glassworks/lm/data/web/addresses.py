"""Addresses of the web, taken apart and checked before anybody is asked.

In: an address as a person or a redirect wrote it. Out: an `Address`, and of its host the numbers that may be connected to.
Unusual: a name is resolved once, every number that it stands for is checked, and the connection goes to one of these numbers:
a name server that answers otherwise a moment later (DNS rebinding) changes nothing. An IPv4 address inside of an IPv6 one
counts as what it is inside.

    another scheme, a user or password in it, no host    InvalidSpec bad-address
    a private, loopback, link-local ... address          Forbidden   private-address
    a name that nobody knows, or no answer in 10 s       Unavailable fetch-failed
"""

import ipaddress
import queue
import socket
import threading
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from glassworks.common.errors import Forbidden, InvalidSpec, Unavailable

PORTS = {"http": 80, "https": 443}
MAX_CHARACTERS = 8192
RESOLVE_S = 10.0
"""Longest wait for a name server."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
PATH_MARKS = "/%:@!$&'()*+,;=~-._"
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Address:
    """An address that can be asked: host in lower case (ASCII), `target` is the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port, the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        return self.origin + self.target

    @property
    def shown(self) -> str:
        """For people and logs: without the query, where some servers keep a secret."""
        return self.origin + self.target.partition("?")[0]

    def join(self, location: str) -> "Address":
        """Where a redirect leads. Raises InvalidSpec."""
        return parse_address(urljoin(self.url, location))


def parse_address(text: str) -> Address:
    """Take an address apart. Raises InvalidSpec with what is wrong with it."""
    text = text.strip()
    if len(text) > MAX_CHARACTERS or any(ord(c) <= 32 or c in "\\\x7f" for c in text):
        raise _bad(text, "holds blanks, control characters, or too many characters")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        if not host.isascii():
            host = host.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise _bad(text, f"cannot be read: {error}") from error
    if parts.scheme not in PORTS:
        raise _bad(text, "does not begin with http:// or https://")
    if "@" in parts.netloc:
        raise _bad(text, "holds a user name or a password")
    if not host or port == 0:
        raise _bad(text, "names no host")
    query = f"?{quote(parts.query, safe=PATH_MARKS + '?')}" if parts.query else ""
    target = quote(parts.path, safe=PATH_MARKS) or "/"
    return Address(parts.scheme, host.lower(), port or PORTS[parts.scheme], target + query)


def numbers_of(address: Address, may_be_private: bool) -> list[str]:
    """The numeric addresses of a host, each checked. Raises Forbidden, Unavailable."""
    numbers = _resolved(address)
    for number in numbers:
        if not is_allowed(number, may_be_private):
            raise Forbidden(
                "private-address",
                f"{address.host} lies at {number}, which is no public address.",
                f'If it is a host of yours, the administrator lists it in network.json: {{"private_hosts": ["{address.authority}"]}}',
                address.shown,
            )
    return numbers


def _resolved(address: Address) -> list[str]:
    """What a name stands for. The system's question knows no limit of time, so it is asked in a thread that may be left behind."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=RESOLVE_S)
    except queue.Empty:
        answer = TimeoutError(f"no name server answered in {RESOLVE_S:.0f} s")
    if isinstance(answer, list):
        return answer
    raise Unavailable(
        "fetch-failed",
        f"{address.host} cannot be found: {answer}",
        "Check the address, and whether this machine has a network.",
        address.shown,
    ) from answer


def is_allowed(number: str, may_be_private: bool) -> bool:
    """Whether an address may be connected to; never one that means many machines or none."""
    inner = embedded(ipaddress.ip_address(number.partition("%")[0]))
    if (
        inner.is_multicast
        or inner.is_unspecified
        or inner == ipaddress.ip_address("255.255.255.255")
    ):
        return False
    return may_be_private or is_public(inner)


def is_public(address: IPAddress) -> bool:
    """Whether an address belongs to the world: none of this machine, of a local network, or set aside."""
    is_local = address.is_private or address.is_loopback or address.is_link_local
    is_site = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not (is_local or is_site or address.is_reserved)


def embedded(address: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 one carries (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _bad(text: str, what: str) -> InvalidSpec:
    shown = text.rpartition("@")[2] if "@" in text else text  # a password is not repeated
    return InvalidSpec(
        "bad-address",
        f"The address {shown[:200]!r} {what}.",
        "Write it as https://host/path.",
        "source",
    )
