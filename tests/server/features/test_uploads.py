"""Uploads against a real server: broken off, gone on with, refused, across a restart, and over the limits."""

import hashlib
import http.client
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from glassworks.common.errors import InvalidSpec
from glassworks.server.features.uploads import service, staging
from glassworks.server.features.uploads.names import safe_name
from glassworks.specs.run import RunSpec
from glassworks.storage.store import open_store
from tests.server.house import House
from tests.worker.attempts import until

TEXT = "\n\n".join(f"Paragraph {n}: ünd so weiter, and so on and on." for n in range(600)).encode()
Json = dict[str, Any]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("uploads")) as one:
        yield one


@pytest.fixture(autouse=True)
def nothing_left(house: House) -> Iterator[None]:
    yield
    for one in house.api.get("/api/uploads").json()["items"]:
        house.api.delete(f"/api/uploads/{one['id']}").raise_for_status()


def create(house: House, size_bytes: int = len(TEXT), name: str = "text.txt") -> str:
    answer = house.api.post("/api/uploads", json={"name": name, "size_bytes": size_bytes})
    assert answer.status_code == 201, answer.text
    upload: str = answer.json()["id"]
    return upload


def put(house: House, upload: str, data: bytes, offset: int = 0) -> httpx.Response:
    headers = {"Upload-Offset": str(offset)}
    return house.api.put(f"/api/uploads/{upload}", content=data, headers=headers)


def offset_of(house: House, upload: str) -> int:
    answer = house.api.head(f"/api/uploads/{upload}")
    assert answer.status_code == 200
    assert int(answer.headers["Upload-Length"]) > 0
    return int(answer.headers["Upload-Offset"])


def complete(house: House, upload: str, **body: str) -> httpx.Response:
    return house.api.post(f"/api/uploads/{upload}/complete", json=body)


def send_and_break_off(house: House, upload: str, offset: int, data: bytes, told: int) -> None:
    """Announce `told` bytes, send fewer, and cut the connection."""
    where = urlsplit(house.address)
    connection = http.client.HTTPConnection(str(where.hostname), where.port)
    connection.putrequest("PUT", f"/api/uploads/{upload}")
    connection.putheader("Authorization", f"Bearer {house.token}")
    connection.putheader("Upload-Offset", str(offset))
    connection.putheader("Content-Length", str(told))
    connection.endheaders()
    connection.send(data)
    until(lambda: offset_of(house, upload) == offset + len(data))
    connection.close()


def test_a_text_arrives_in_pieces(house: House) -> None:
    upload = create(house)
    for at in range(0, len(TEXT), 7000):
        assert put(house, upload, TEXT[at : at + 7000], at).status_code == 200
    done = complete(house, upload, sha256=hashlib.sha256(TEXT).hexdigest().upper())
    assert done.status_code == 200, done.text
    view = done.json()
    assert (view["state"], view["offset"]) == ("complete", len(TEXT))
    assert view["sha256"] == hashlib.sha256(TEXT).hexdigest()
    preview = view["preview"]
    assert preview["text"] == TEXT.decode()[:600]
    assert preview["num_bytes"] == len(TEXT)
    assert preview["num_characters"] == len(TEXT.decode())
    assert preview["num_lines"] == 1199
    assert preview["num_documents"] > 5
    assert complete(house, upload).json() == view
    assert put(house, upload, b"more", len(TEXT)).status_code == 409


def test_what_arrived_of_a_broken_body_is_kept(house: House) -> None:
    upload = create(house)
    for offset, length in ((0, 5000), (5000, 12_345)):
        send_and_break_off(house, upload, offset, TEXT[offset : offset + length], len(TEXT))
    at = offset_of(house, upload)
    assert put(house, upload, TEXT[at:], at).json()["offset"] == len(TEXT)
    done = complete(house, upload, sha256=hashlib.sha256(TEXT).hexdigest())
    assert done.json()["state"] == "complete"


def test_a_wrong_offset_tells_the_right_one(house: House) -> None:
    upload = create(house)
    put(house, upload, TEXT[:100])
    for wrong in (0, 50, 101):
        answer = put(house, upload, TEXT[wrong:200], wrong)
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong-offset")
        assert answer.headers["Upload-Offset"] == "100"
    early = complete(house, upload)
    assert (early.status_code, early.headers["Upload-Offset"]) == (409, "100")


def test_the_newer_of_two_senders_goes_on(house: House) -> None:
    """A connection that hangs does not keep its sender from coming back."""
    upload = create(house)
    where = urlsplit(house.address)
    hanging = http.client.HTTPConnection(str(where.hostname), where.port)
    hanging.putrequest("PUT", f"/api/uploads/{upload}")
    hanging.putheader("Authorization", f"Bearer {house.token}")
    hanging.putheader("Upload-Offset", "0")
    hanging.putheader("Content-Length", str(len(TEXT)))
    hanging.endheaders()
    hanging.send(TEXT[:100])
    until(lambda: offset_of(house, upload) == 100)
    assert put(house, upload, TEXT[100:], 100).json()["offset"] == len(TEXT)
    hanging.send(TEXT[100:])
    answer = hanging.getresponse()
    assert answer.status == 409
    assert json.loads(answer.read())["code"] == "upload-taken-over"
    hanging.close()
    assert complete(house, upload, sha256=hashlib.sha256(TEXT).hexdigest()).status_code == 200


def test_more_bytes_than_announced_are_refused(house: House) -> None:
    upload = create(house, size_bytes=1000)
    answer = put(house, upload, TEXT[:2000])
    assert (answer.status_code, answer.json()["code"]) == (429, "upload-too-long")
    assert offset_of(house, upload) == 1000


def test_a_wrong_hash_starts_anew(house: House) -> None:
    upload = create(house)
    put(house, upload, TEXT)
    answer = complete(house, upload, sha256="0" * 64)
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong-hash")
    assert offset_of(house, upload) == 0
    put(house, upload, TEXT)
    assert complete(house, upload).status_code == 200


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        (TEXT[:20_001] + b"\xff\xfe" + TEXT, "wrong-encoding", "roman.txt:byte 20001"),
        (b"\x89PNG" + TEXT, "binary-file", "roman.txt"),
        (TEXT + b"\0", "binary-file", "roman.txt"),
        (b" \n" * 9000, "empty-file", "roman.txt"),
        (b"short", "text-too-small", "source.path"),
    ],
)
def test_what_is_no_text_is_refused_at_its_place(
    house: House, data: bytes, code: str, where: str
) -> None:
    upload = create(house, len(data), "roman.txt")
    put(house, upload, data)
    answer = complete(house, upload)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, code)
    assert problem["where"] == where
    assert problem["title"].startswith("roman.txt ")
    assert problem["detail"]
    assert str(house.home) not in answer.text
    assert house.api.get(f"/api/uploads/{upload}").status_code == 404


@pytest.mark.parametrize(
    ("wished", "kept"),
    [
        ("novel.txt", "novel.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\my text.txt", "my text.txt"),
        ("/upload.json", "upload.json"),
        ("a\0b\nc\u202e.txt", "abc.txt"),
        ("  naïve 東京.md ", "naïve 東京.md"),
        ("x" * 500 + ".txt", "x" * 196 + ".txt"),
        ("東" * 300, "東" * 66),
    ],
)
def test_a_name_is_made_safe(wished: str, kept: str) -> None:
    assert safe_name(wished) == kept


@pytest.mark.parametrize("wished", ["", "..", ".", "a/..", "\0", "///", "...", "\ud800"])
def test_a_hopeless_name_is_refused(wished: str) -> None:
    with pytest.raises(InvalidSpec):
        safe_name(wished)


def test_a_hostile_name_stays_inside(house: House) -> None:
    upload = create(house, name="../../../upload.json")
    put(house, upload, TEXT)
    assert complete(house, upload).json()["name"] == "upload.json"
    found = {p.relative_to(house.home / "uploads").as_posix()
             for p in (house.home / "uploads").rglob("*") if p.is_file()}  # fmt: skip
    assert found == {f"{upload}/upload.json", f"{upload}/text/upload.json"}


@pytest.mark.parametrize("upload", ["nothing", "..%2f..", "4f1c9b2e77a01d35"])
def test_an_unknown_upload(house: House, upload: str) -> None:
    assert house.api.get(f"/api/uploads/{upload}").status_code == 404
    assert put(house, upload, b"x").status_code in (404, 405)
    assert house.api.delete(f"/api/uploads/{upload}").status_code in (404, 405)


def test_the_limits(house: House) -> None:
    def refused(**body: Any) -> str:
        answer = house.api.post("/api/uploads", json={"name": "a.txt", **body})
        assert answer.status_code in (422, 429)
        code: str = answer.json()["code"]
        return code

    assert refused(size_bytes=0) == "empty-file"
    assert refused(size_bytes=10**9 + 1) == "upload-too-large"
    for _ in range(service.MAX_OPEN):
        last = create(house)
    assert refused(size_bytes=5) == "too-many-uploads"
    house.api.delete(f"/api/uploads/{last}")
    create(house)


def test_a_size_that_the_disk_does_not_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = (os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize) + (1 << 30)
    monkeypatch.setenv("GLASSWORKS_MAX_UPLOAD_BYTES", str(free * 2))
    with House(tmp_path) as house:
        answer = house.api.post("/api/uploads", json={"name": "a.txt", "size_bytes": free})
        assert answer.json()["code"] == "no-room-for-upload"


def test_an_upload_goes_on_after_a_restart(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.start()
    upload = create(house)
    put(house, upload, TEXT[:9000])
    house.stop(9)
    with house:
        assert offset_of(house, upload) == 9000
        put(house, upload, TEXT[9000:], 9000)
        assert complete(house, upload).status_code == 200
        listed = house.api.get("/api/uploads").json()["items"]
        assert [one["state"] for one in listed] == ["complete"]


def test_a_browser_needs_its_token(house: House) -> None:
    browser = house.sign_in()
    body = {"name": "a.txt", "size_bytes": 5}
    assert browser.post("/api/uploads", json=body).status_code == 201
    del browser.headers["X-CSRF-Token"]
    assert browser.post("/api/uploads", json=body).status_code == 403
    assert house.guest().get("/api/uploads").status_code == 401


def test_memory_stays_bounded(house: House) -> None:
    import psutil

    size = 60_000_000
    upload = create(house, size)
    process = psutil.Process(house.process.pid)
    before, highest = process.memory_info().rss, 0

    def watch() -> None:
        nonlocal highest
        while not is_over.is_set():
            highest = max(highest, process.memory_info().rss)
            is_over.wait(0.01)

    is_over = threading.Event()
    watcher = threading.Thread(target=watch)
    watcher.start()
    put(house, upload, b"text " * (size // 5))
    is_over.set()
    watcher.join()
    assert offset_of(house, upload) == size
    assert highest - before < 30_000_000


def test_old_uploads_go_unless_a_run_was_planned_with_them(tmp_path: Path) -> None:
    root, store = tmp_path / "uploads", open_store(tmp_path / "store")
    for name, state, created in (
        ("aaaa", "open", "2020"),
        ("bbbb", "complete", "2020"),
        ("cccc", "complete", "2020"),
        ("dddd", "open", "2999"),
    ):
        about = {"name": "a.txt", "size_bytes": 1, "state": state, "created_at": created}
        staging.create_staged(root, name, about)
    spec = RunSpec(id="r000000000", kind="flow", name="a", created_at="2020", key="0" * 64,
                   environment={"text": str(root / "cccc" / "text" / "a.txt")})  # fmt: skip
    store.runs.create(spec)
    service.clean_up(root, store)
    assert sorted(one.id for one in staging.all_staged(root)) == ["cccc", "dddd"]


def test_a_run_learns_from_an_upload_whatever_its_name(house: House) -> None:
    upload = create(house, name='it\'s [no] #2 - "yaml", {really}.txt')
    put(house, upload, TEXT)
    early = house.api.post("/api/runs", json={"upload": upload})
    assert (early.status_code, early.json()["code"]) == (404, "upload-not-found")
    name = complete(house, upload).json()["name"]
    assert "#2" in name
    settings = ["train.steps=1", "train.evaluate_every=0", "train.sample_every=0"]
    answer = house.api.post("/api/runs", json={"upload": upload, "settings": settings})
    assert answer.status_code == 201, answer.text
    run = answer.json()["run"]["id"]

    def data() -> Json:
        nodes: list[Json] = house.api.get(f"/api/runs/{run}").json()["nodes"]
        return nodes[0]

    until(lambda: data()["status"] == "done")
    assert Path(data()["config"]["source"]["path"]).name == name
    house.api.post(f"/api/runs/{run}/cancel")
    until(lambda: house.api.get(f"/api/runs/{run}").json()["run"]["status"] in ("stopped", "done"))
