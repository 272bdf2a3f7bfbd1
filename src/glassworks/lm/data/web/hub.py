"""A hub of data sets, by the protocol of the Hugging Face hub; whatever speaks it can be asked (`HF_ENDPOINT`).

    GET /api/datasets/{id}/revision/{revision}                the commit that a branch or tag means now
    GET /api/datasets/{id}/tree/{commit}?recursive=true       its files, in pages that a `Link` header ties together
    GET /datasets/{id}/resolve/{commit}/{path}                a file, mostly by a redirect to another host

In: a fetcher, the endpoint, a token or none. Out: the commit, the list, files on the disk, each compared with the hash that the
list has for it: sha256 of a large file (LFS), git's blob id of a small one. The token goes to the endpoint only, never to where
it redirects. Source of the protocol: the client library `huggingface_hub`, which the tests put beside this.

    no such data set, revision or file, or a private one    NotFound  hub-not-found
    one whose terms have to be accepted first               Forbidden hub-gated
    an answer that is none                                  BadData   bad-hub-answer
    other bytes than the list says                          BadData   wrong-hash
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from glassworks.common.errors import BadData, Forbidden, LimitReached, NotFound
from glassworks.lm.data.web.addresses import parse_address
from glassworks.lm.data.web.fetcher import SECRET, Answer, Fetcher

NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next\b')
COMMIT = re.compile(r"[0-9a-f]{40,64}")
MAX_LISTED = 1_000_000
MAX_PAGES = 10_000


@dataclass(frozen=True)
class HubFile:
    """A file of a data set; `sha256` is empty for a small one, which has `blob_id`."""

    path: str
    num_bytes: int
    blob_id: str
    sha256: str = ""


class Hub:
    """One endpoint. Errors: see the head of this module, and those of the fetcher."""

    def __init__(self, fetcher: Fetcher, endpoint: str, token: str = "") -> None:
        self._fetcher = fetcher
        self._endpoint = endpoint.rstrip("/")
        self._origin = parse_address(self._endpoint)
        self._token = token

    def commit(self, dataset: str, revision: str) -> str:
        """What a branch, tag or commit means now: 40 hex digits."""
        found, _ = self._json(f"{self._api(dataset)}/revision/{quote(revision, safe='')}")
        commit = found.get("sha") if isinstance(found, dict) else None
        if not isinstance(commit, str) or not COMMIT.fullmatch(commit):
            raise _bad_answer(dataset, "it names no commit")
        return commit

    def files(self, dataset: str, commit: str) -> Iterator[HubFile]:
        """All files of a commit, as they come. Raises LimitReached for more than a million."""
        url, num_listed = f"{self._api(dataset)}/tree/{commit}?recursive=true", 0
        for _ in range(MAX_PAGES):
            found, url = self._json(url)
            if not isinstance(found, list):
                raise _bad_answer(dataset, "its list of files is none")
            num_listed += len(found)
            if num_listed > MAX_LISTED:
                break
            yield from (_file(entry, dataset) for entry in found if _is_file(entry))
            if not url:
                return
        raise LimitReached(
            "too-many-files",
            f"The data set {dataset!r} lists more than {MAX_LISTED:,} files.",
            "Ask its owner for archives or tables, or fetch what you need by other means.",
            "source.dataset",
        )

    def fetch(self, dataset: str, commit: str, file: HubFile, to: Path) -> Answer:
        """Bring one file, and compare it with the list."""
        path = f"/datasets/{dataset}/resolve/{commit}/{quote(file.path, safe='/')}"
        answer = self._fetcher.fetch(self._endpoint + path, to, self._secret(self._endpoint))
        wanted = file.sha256 or file.blob_id
        found = answer.sha256 if file.sha256 else _blob_id(to, answer.num_bytes, len(wanted))
        if found != wanted:
            raise BadData(
                "wrong-hash",
                f"{file.path} arrived with other bytes than the hub lists: {found[:12]}, not {wanted[:12]}.",
                "Run again; if it stays so, the hub or what lies between is at fault.",
                file.path,
            )
        return answer

    def _api(self, dataset: str) -> str:
        return f"{self._endpoint}/api/datasets/{dataset}"

    def _secret(self, url: str) -> dict[str, str]:
        """The token, for the endpoint alone."""
        is_own = bool(self._token) and parse_address(url).origin == self._origin.origin
        return {SECRET: f"Bearer {self._token}"} if is_own else {}

    def _json(self, url: str) -> tuple[Any, str]:
        """An answer, and where its next page is (empty: it was the last)."""
        answer, data = self._fetcher.read(url, self._secret(url))
        try:
            found = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise _bad_answer(self._endpoint, f"{str(error)[:200]}") from error
        next_page = NEXT.search(answer.headers.get("link", ""))
        return found, answer.address.join(next_page[1]).url if next_page else ""


def explain(answer: Answer) -> None:
    """Raise what the hub means by a status; a 401 is what it says of a data set that nobody knows, too."""
    said = answer.headers.get("x-error-code", "")
    where = answer.address.shown
    if said == "GatedRepo":
        raise Forbidden(
            "hub-gated",
            "The terms of this data set have to be accepted before it is given out.",
            "Accept them on the data set's page, and start Glassworks with the token of that account in HF_TOKEN.",
            where,
        )
    if said in ("RepoNotFound", "RevisionNotFound", "EntryNotFound") or (
        answer.status in (401, 404) and "/datasets/" in where
    ):
        what = {"RevisionNotFound": "revision", "EntryNotFound": "file"}.get(said, "data set")
        raise NotFound(
            "hub-not-found",
            f"The hub knows no such {what}, or does not show it to you ({answer.status}).",
            "Check the spelling; a private one needs a token in HF_TOKEN.",
            where,
        )


def _is_file(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("type") == "file"


def _file(entry: dict[str, Any], dataset: str) -> HubFile:
    large = entry.get("lfs") or {}
    try:
        file = HubFile(
            path=str(entry["path"]),
            num_bytes=int(large.get("size") or entry["size"]),
            blob_id=str(entry["oid"]).lower(),
            sha256=str(large.get("oid") or "").lower().removeprefix("sha256:"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _bad_answer(dataset, f"an entry of its list lacks {error}") from error
    if file.num_bytes < 0 or not COMMIT.fullmatch(file.sha256 or file.blob_id):
        raise _bad_answer(dataset, f"its list has no hash for {file.path[:200]!r}")
    return file


def _blob_id(file: Path, num_bytes: int, num_digits: int) -> str:
    """What git calls a file: the hash of its length and bytes."""
    hash_ = hashlib.sha256() if num_digits == 64 else hashlib.sha1(usedforsecurity=False)
    hash_.update(b"blob %d\0" % num_bytes)
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            hash_.update(block)
    return hash_.hexdigest()


def _bad_answer(dataset: str, what: str) -> BadData:
    return BadData(
        "bad-hub-answer",
        f"The hub's answer about {dataset} cannot be understood: {what}.",
        "Check HF_ENDPOINT; it has to name a hub that speaks the protocol of huggingface.co.",
        "source.dataset",
    )
