"""A data set of a hub (huggingface.co, or another that speaks its protocol), by name, revision and patterns of file names.

In: `owner/name`, a revision, patterns. Out: documents named `<path>` or `<path>:<number>` in the order of the paths, whose
`meta` has the data set, the commit and the sha256 of the file. Each file is compared with the hash that the hub lists for it.
The administrator lists the hosts (`huggingface.co` and `*.hf.co` for the usual hub); `HF_ENDPOINT` names another hub, `HF_TOKEN`
a token, both from the environment of the program that runs the stage and from nowhere else.

Unusual: planning asks for the commit that the revision means and notes it, so a branch that has moved is a changed setting.
Files come one at a time; only one of them lies on the disk.
"""

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import InvalidSpec, LimitReached, NotFound
from glassworks.lm.data.sources.base import LeftOut, Listener, Reading, Source
from glassworks.lm.data.web import Fetcher, network_rules
from glassworks.lm.data.web.addresses import parse_address
from glassworks.lm.data.web.hub import Hub as Client
from glassworks.lm.data.web.hub import HubFile, explain
from glassworks.lm.data.web.reading import (
    ARCHIVES,
    Fetched,
    HowRead,
    Wanted,
    fetched_documents,
    told_at,
)
from glassworks.lm.text.formats import endings
from glassworks.specs.base import Config as BaseConfig

ENDPOINT = "https://huggingface.co"
NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
PLANNING_S = 20.0
PLANNING_BYTES = 64 << 20


class _Dataset(BaseConfig):
    """What stands first in the form."""

    kind: Literal["hub"] = Field(default="hub", description="A data set of a hub.")
    dataset: str = Field(default="", description="Its name, owner/name.")
    revision: str = Field(default="main", description="A branch, a tag or a commit.")
    files: tuple[str, ...] = Field(
        default=(),
        description="Patterns of paths, as *.parquet or data/train-*; empty: every kind that is read, but README.md.",
    )
    max_files: int = Field(
        default=10_000, ge=1, le=1_000_000, description="Most files; with more it is refused."
    )


class Hub(Source):
    """A data set of a hub."""

    libraries = ("lxml", "pyarrow", "pypdf", "python-docx")

    class Config(HowRead, _Dataset):
        commit: str = Field(
            default="auto",
            description="What the revision means; `auto` is replaced when the run is planned.",
        )

    @classmethod
    def resolve(cls, config: Any) -> Any:
        _check(config)
        fetcher = Fetcher(network_rules(), PLANNING_BYTES, PLANNING_S, explain=explain)
        with told_at("source.dataset"):
            commit = _client(fetcher).commit(config.dataset, config.revision)
        return config.model_copy(update={"commit": commit})

    @staticmethod
    def read(config: Any) -> Reading:
        _check(config)
        listener = Listener()
        fetcher = Fetcher(
            network_rules(), config.max_bytes, config.max_seconds, listener.hear, explain
        )
        client, commit = _client(fetcher), config.commit
        if commit == "auto":
            commit = client.commit(config.dataset, config.revision)
        files = _chosen(client.files(config.dataset, commit), config)
        total = sum(file.num_bytes for file in files)
        _check_size(total, fetcher.max_bytes - fetcher.num_bytes, config)
        left_out: list[LeftOut] = []
        wanted = _wanted(files, client, config.dataset, commit)
        return Reading(
            fetched_documents(wanted, len(files), config, left_out),
            left_out=left_out,
            position=lambda: (fetcher.num_bytes, max(fetcher.num_bytes, total)),
            listener=listener,
        )


def _check(config: Any) -> None:
    if not NAME.fullmatch(config.dataset) or not config.revision.strip():
        raise InvalidSpec(
            "bad-dataset-name",
            f"{config.dataset[:100]!r} at {config.revision[:100]!r} is no data set of a hub.",
            "Name one as owner/name: --set data.source.dataset=owner/name",
            "source.dataset",
        )


def _client(fetcher: Fetcher) -> Client:
    """The hub of the environment; a token is shown to nobody who could be overheard."""
    endpoint = (os.environ.get("HF_ENDPOINT") or ENDPOINT).strip()
    address = parse_address(endpoint)
    is_safe = address.scheme == "https" or fetcher.rules.is_private(address)
    token = (os.environ.get("HF_TOKEN") or "").strip()
    return Client(fetcher, endpoint, token if is_safe else "")


def _chosen(listed: Iterator[HubFile], config: Any) -> list[HubFile]:
    """The files that are read, in order of their paths. Raises LimitReached, NotFound."""
    chosen: list[HubFile] = []
    for file in listed:
        if not _is_wanted(file.path, config.files):
            continue
        chosen.append(file)
        if len(chosen) > config.max_files:
            raise LimitReached(
                "too-many-files",
                f"More than {config.max_files:,} files of {config.dataset} are wanted.",
                "Raise source.max_files, or narrow source.files.",
                "source.max_files",
            )
    if not chosen:
        raise NotFound(
            "hub-not-found",
            f"{config.dataset} has no file that is wanted and can be read.",
            f"Change source.files; what is read ends in {', '.join(endings())}.",
            "source.files",
        )
    return sorted(chosen, key=lambda file: file.path)


def _is_wanted(path: str, patterns: tuple[str, ...]) -> bool:
    if patterns:
        return any(fnmatchcase(path, pattern) for pattern in patterns)
    is_hidden = any(part.startswith(".") for part in path.split("/"))
    ending = Path(path).suffix.lower()
    return (ending in endings() or ending in ARCHIVES) and not is_hidden and path != "README.md"


def _check_size(total: int, left: int, config: Any) -> None:
    if total > left:
        raise LimitReached(
            "fetch-too-large",
            f"The files of {config.dataset} have {total:,} bytes; {max(left, 0):,} may still come.",
            "Raise source.max_bytes, or narrow source.files.",
            "source.max_bytes",
        )


def _wanted(files: list[HubFile], client: Client, dataset: str, commit: str) -> Iterator[Wanted]:
    for file in files:
        yield Wanted(file.path, partial(_fetch, client, dataset, commit, file))


def _fetch(client: Client, dataset: str, commit: str, file: HubFile, to: Path) -> Fetched:
    answer = client.fetch(dataset, commit, file, to)
    return Fetched({"dataset": dataset, "commit": commit, "sha256": answer.sha256})
