"""What the administrator lets Glassworks fetch: the file `network.json` in `GLASSWORKS_HOME`. Without it: nothing.

    {"hosts": ["huggingface.co", "*.hf.co", "files.example.org:8443"], "private_hosts": ["wiki.example.lan"]}

In: the file. Out: `NetworkRules`. An entry is a host, `*.` and a domain (the hosts below it), or `*` (any host, not for
`private_hosts`); with `:port` it means that port, without one 80 and 443. A host of `hosts` may be asked only at public
addresses, a host of `private_hosts` at any (a machine of one's own network, this machine). The file is read at each use, so a
change holds from the next run on.
"""

import json
from pathlib import Path

from pydantic import Field, ValidationError, field_validator

from glassworks.common.errors import Forbidden, InvalidSpec
from glassworks.common.settings import load_settings
from glassworks.lm.data.web.addresses import Address
from glassworks.specs.base import Spec, invalid_spec

DEFAULT_PORTS = (80, 443)
MAX_FILE_BYTES = 1 << 20


class NetworkRules(Spec):
    """Who may be asked, and how much of it one import may take."""

    hosts: tuple[str, ...] = Field(default=(), description="Hosts with public addresses.")
    private_hosts: tuple[str, ...] = Field(default=(), description="Hosts at any address.")
    max_bytes: int = Field(default=50 << 30, ge=1, description="Most that one import fetches.")
    max_seconds: int = Field(default=86_400, ge=1, description="Longest that one import fetches.")

    @field_validator("private_hosts")
    @classmethod
    def _names_each(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        if any(_host_and_port(entry)[0] == "*" for entry in hosts):
            raise ValueError("name each host; * would open the whole inner network")
        return hosts

    def is_private(self, address: Address) -> bool:
        """Whether this host may lie at an address that is not public."""
        return any(_matches(entry, address) for entry in self.private_hosts)

    def check(self, address: Address) -> None:
        """Raises Forbidden for a host or port that is not on the list."""
        if self.is_private(address) or any(_matches(entry, address) for entry in self.hosts):
            return
        named = address.host if address.port in DEFAULT_PORTS else address.authority
        raise Forbidden(
            "host-not-allowed",
            f"{named} is not among the hosts that may be fetched from.",
            f'The administrator allows it in {network_file()}: {{"hosts": ["{named}"]}}',
            address.shown,
        )


def network_file() -> Path:
    """Where the rules lie."""
    return load_settings().network_file


def network_rules() -> NetworkRules:
    """The rules of this home. Raises InvalidSpec for a file that cannot be understood."""
    path = network_file()
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(MAX_FILE_BYTES))
        return NetworkRules.model_validate(found)
    except FileNotFoundError:
        return NetworkRules()
    except ValidationError as error:
        why = invalid_spec(error, path.name).message
    except (OSError, ValueError) as error:
        why = f"{path.name}: {error}"
    raise InvalidSpec(
        "bad-network-file",
        f"The list of hosts that may be fetched from cannot be read. {why}",
        'Write it so: {"hosts": ["example.org", "*.example.net"]}',
        str(path),
    )


def _matches(entry: str, address: Address) -> bool:
    host, port = _host_and_port(entry)
    if address.port not in ((port,) if port else DEFAULT_PORTS):
        return False
    if host.startswith("*."):
        return address.host.endswith(host[1:])
    return host in ("*", address.host)


def _host_and_port(entry: str) -> tuple[str, int]:
    """`example.org:8443`, `[::1]:80`, `::1`; port 0 where none is named. Raises ValueError."""
    text = entry.strip().lower()
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        host, port = text, ""
    host = host.rstrip(".")
    if not host or (port and not port.isdecimal()):
        raise ValueError(f"{entry!r} is no host")
    return host, int(port or 0)
