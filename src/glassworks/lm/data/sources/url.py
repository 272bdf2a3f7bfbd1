"""Files at addresses of the web: pages, tables, PDF, archives, whatever the source `files` reads.

In: one or several addresses. Out: documents named `<host>/<path>` or `<host>/<path>:<number>`, whose `meta` has the address,
the sha256 of the file's bytes and the server's ETag. Which hosts may be asked is the administrator's choice
(`lm/data/web/rules.py`); how a fetch is kept harmless stands in `lm/data/web/`.

Unusual: planning asks each server what lies there (ETag, date, length) and notes a fingerprint of the answers; a file that
changes in between is refused. A server that says nothing of the kind pins nothing: its address alone is what is planned with.
"""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from pydantic import Field, field_validator

from glassworks.common.errors import Conflict, InvalidSpec
from glassworks.common.hashing import hash_json
from glassworks.lm.data.sources.base import LeftOut, Listener, Reading, Source
from glassworks.lm.data.web import Answer, Fetcher, network_rules
from glassworks.lm.data.web.addresses import parse_address
from glassworks.lm.data.web.reading import Fetched, HowRead, Wanted, fetched_documents, told_at
from glassworks.specs.base import Config as BaseConfig

MAX_ADDRESSES = 100
PLANNING_S = 20.0
SAID = ("etag", "last-modified", "content-length")
"""What a server says of a file without giving it out."""


class _Addresses(BaseConfig):
    """What stands first in the form."""

    kind: Literal["url"] = Field(default="url", description="Files at addresses of the web.")
    addresses: tuple[str, ...] = Field(
        default=(),
        max_length=MAX_ADDRESSES,
        description="Where the files lie, each https://host/path; the administrator lists the hosts.",
    )

    @field_validator("addresses")
    @classmethod
    def _tidy(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.strip() for one in addresses if one.strip()))


class Url(Source):
    """Files at addresses of the web."""

    libraries = ("lxml", "pyarrow", "pypdf", "python-docx")

    class Config(HowRead, _Addresses):
        fingerprint: str = Field(
            default="auto",
            description="sha256 over what the servers say of the files; `auto` is replaced when the run is planned.",
        )

    @classmethod
    def resolve(cls, config: Any) -> Any:
        _check(config)
        fetcher = Fetcher(network_rules(), config.max_bytes, PLANNING_S)
        with told_at("source.addresses"):
            found = _fingerprint(config.addresses, fetcher)
        return config.model_copy(update={"fingerprint": found})

    @staticmethod
    def read(config: Any) -> Reading:
        _check(config)
        listener = Listener()
        fetcher = Fetcher(network_rules(), config.max_bytes, config.max_seconds, listener.hear)
        planned = config.fingerprint
        if planned != "auto" and planned != _fingerprint(config.addresses, fetcher):
            raise Conflict(
                "input-changed",
                "What lies at the addresses has changed since this run was planned.",
                "Start the run again; it will be planned with what is there now.",
                "source.addresses",
            )
        left_out: list[LeftOut] = []
        wanted = _wanted(config.addresses, fetcher)
        return Reading(
            fetched_documents(wanted, len(config.addresses), config, left_out),
            left_out=left_out,
            position=lambda: (fetcher.num_bytes, max(fetcher.num_bytes, fetcher.num_declared)),
            listener=listener,
        )


def _check(config: Any) -> None:
    """Raises InvalidSpec when no address was given, or one that cannot be."""
    if not config.addresses:
        raise InvalidSpec(
            "address-missing",
            "No address was given.",
            "Name one or several: --set data.source.addresses=[https://example.org/a.txt]",
            "source.addresses",
        )
    for address in config.addresses:
        parse_address(address)


def _fingerprint(addresses: tuple[str, ...], fetcher: Fetcher) -> str:
    return hash_json([[address, *_said(fetcher.look(address))] for address in addresses])


def _said(answer: Answer) -> list[str]:
    return [answer.headers.get(name, "") for name in SAID] if answer.status == 200 else []


def _wanted(addresses: tuple[str, ...], fetcher: Fetcher) -> Iterator[Wanted]:
    seen: Counter[str] = Counter()
    for address in addresses:
        name = _name(address)
        seen[name] += 1
        named = name if seen[name] == 1 else f"{name} ({seen[name]})"
        yield Wanted(named, partial(_fetch, address, fetcher))


def _fetch(address: str, fetcher: Fetcher, to: Path) -> Fetched:
    answer = fetcher.fetch(address, to)
    etag = answer.headers.get("etag", "")
    meta = {"address": address, "sha256": answer.sha256, **({"etag": etag} if etag else {})}
    return Fetched(meta, answer.headers.get("content-type", ""))


def _name(address: str) -> str:
    """`example.org/books/a.txt`: what people see of an address."""
    parsed = parse_address(address)
    path, _, query = unquote(parsed.target).partition("?")
    return parsed.authority + path.rstrip("/") + (f"?{query}" if query else "")
