"""A hub in miniature on 127.0.0.1: one data set, its list in pages of two, large files by a redirect to another host.

`hub_pages(files, ...)` are pages for `web_server`. A name that begins with `big` is a large file (LFS). `test_hub_source.py`
puts the client library of the real hub in front of it, so it is known to speak the protocol.
"""

import hashlib
import json
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from tests.lm.data.web_server import Page, Web, redirect

COMMIT = "c0ffee" * 6 + "c0ff"
DATASET = "glass/works"
PAGE_FILES = 2
SECRET_HEADER = "Authorization"


class Pages(dict[str, Any]):
    """Pages whose query does not matter, where nothing stands under the whole path."""

    def get(self, path: str, default: Any = None) -> Any:
        return super().get(path) or super().get(urlsplit(path).path, default)


class MiniHub:
    """Files by path. `wrong` are files that arrive with other bytes than are listed."""

    def __init__(self, files: dict[str, bytes], wrong: tuple[str, ...] = ()) -> None:
        self.files, self.wrong = files, wrong
        self.web: Web | None = None

    def pages(self) -> Pages:
        api, resolve = f"/api/datasets/{DATASET}", f"/datasets/{DATASET}/resolve/{COMMIT}"
        info = {"id": DATASET, "sha": COMMIT, "siblings": []}
        pages = Pages({f"{api}/tree/{COMMIT}": self.tree})
        for revision in ("main", COMMIT, quote("refs/convert/parquet", safe="")):
            pages[f"{api}/revision/{revision}"] = json_page(info)
        pages[f"{api}/revision/none"] = refused(404, "RevisionNotFound")
        pages["/api/datasets/glass/closed/revision/main"] = refused(401, "GatedRepo")
        pages["/api/datasets/glass/unknown/revision/main"] = refused(401, "RepoNotFound")
        for path in self.files:
            pages[f"{resolve}/{quote(path)}"] = self.file(path)
            pages[f"/cdn/{quote(path)}"] = Page(self.sent(path), {"ETag": '"cdn"'})
        return pages

    def sent(self, path: str) -> bytes:
        data = self.files[path]
        return data[:-1] + b"?" if path in self.wrong else data

    def file(self, path: str) -> Any:
        data = self.files[path]
        headers = {"X-Repo-Commit": COMMIT}
        if not path.startswith("big"):
            return Page(self.sent(path), {**headers, "ETag": f'"{blob_id(data)}"'})
        headers |= {
            "X-Linked-Size": str(len(data)),
            "X-Linked-Etag": f'"{hashlib.sha256(data).hexdigest()}"',
        }

        def answer(handler: BaseHTTPRequestHandler) -> None:
            assert self.web is not None
            page = redirect(f"http://localhost:{self.web.port}/cdn/{quote(path)}?signature=secret")
            page.headers |= headers
            page(handler)

        return answer

    def tree(self, handler: BaseHTTPRequestHandler) -> None:
        assert self.web is not None
        asked = parse_qs(urlsplit(handler.path).query)
        begin = int(asked.get("cursor", ["0"])[0])
        entries = [{"type": "directory", "oid": "d" * 40, "size": 0, "path": "data"}]
        entries += [entry(path, data) for path, data in self.files.items()]
        headers = {"Content-Type": "application/json"}
        if begin + PAGE_FILES < len(entries):
            url = urlsplit(handler.path).path
            following = f"{self.web.url}{url}?recursive=true&cursor={begin + PAGE_FILES}"
            headers["Link"] = f'<{following}>; rel="next"'
        body = json.dumps(entries[begin : begin + PAGE_FILES]).encode()
        Page(body, headers)(handler)


def entry(path: str, data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "file", "path": path, "size": len(data), "oid": blob_id(data)}
    if path.startswith("big"):
        found["oid"] = blob_id(b"pointer")
        found["lfs"] = {
            "oid": hashlib.sha256(data).hexdigest(),
            "size": len(data),
            "pointerSize": 9,
        }
    return found


def blob_id(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def json_page(value: Any) -> Page:
    return Page(json.dumps(value).encode(), {"Content-Type": "application/json"})


def refused(status: int, code: str) -> Page:
    return Page(b"{}", {"X-Error-Code": code, "X-Error-Message": code}, status)
