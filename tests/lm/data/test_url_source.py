"""The source `url`, against a real server: what it reads, what it refuses, and that it stays bounded."""

import gzip
import hashlib
import http.server
import io
import socket
import tarfile
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import (
    BadData,
    Conflict,
    Forbidden,
    GlassworksError,
    InvalidSpec,
    LimitReached,
    NotFound,
    Unavailable,
)
from glassworks.common.hashing import hash_file
from glassworks.lm.data import Document
from glassworks.lm.data.sources.url import Url
from glassworks.specs.stage import Stopped
from glassworks.stages import STAGES
from tests.lm.data.web_server import CERTIFICATE, Page, allow, redirect, web_server
from tests.lm.text import made
from tests.stages.bench import make_context, run_stage

Handler = http.server.BaseHTTPRequestHandler
NOTE = b"Heat the lehr slowly."


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLASSWORKS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("glassworks.lm.data.web.fetcher.RETRY_S", 0.0)
    return tmp_path / "home"


def read(*addresses: str, **settings: Any) -> list[Document]:
    config = Url.resolve(Url.Config(addresses=addresses, **settings))
    return list(Url.read(config).documents)


def refusal(*addresses: str, **settings: Any) -> GlassworksError:
    with pytest.raises(GlassworksError) as caught:
        read(*addresses, **settings)
    return caught.value


def test_files_of_every_kind(home: Path) -> None:
    pages = {
        "/docs/note.txt": Page(NOTE, {"ETag": '"v1"'}),
        "/page?id=7": Page(b"<p>Wear glasses.</p>", {"Content-Type": "text/html; charset=utf-8"}),
        "/rows": Page(made.jsonl([{"body": "One."}, {"body": "Two."}]), {"Content-Type": "application/x-ndjson"}),
        "/manual": Page(made.pdf(["Page one."]), {"Content-Type": "application/pdf"}),
        "/all.zip": Page(made.zipped({"x/a.md": b"# Notes", "b.txt": b"Night."})),
        "/meta.html": Page("<meta charset=latin1><p>Öfen</p>".encode("latin-1"), {"Content-Type": "text/html"}),
        "/old.txt": Page("Gläser".encode("latin-1"), {"Content-Type": "text/plain; charset=ISO-8859-1"}),
    }  # fmt: skip
    with web_server(home, dict(pages)) as web:
        found = read(*(web.url + path for path in pages))
    host = f"127.0.0.1:{web.port}"
    assert {document.id: document.text for document in found} == {
        f"{host}/docs/note.txt": NOTE.decode(),
        f"{host}/page?id=7.html": "Wear glasses.",
        f"{host}/rows.jsonl:1": "One.",
        f"{host}/rows.jsonl:2": "Two.",
        f"{host}/manual": "Page one.",
        f"{host}/all.zip/x/a.md": "# Notes",
        f"{host}/all.zip/b.txt": "Night.",
        f"{host}/meta.html": "Öfen",
        f"{host}/old.txt": "Gläser",
    }
    assert found[0].meta == {
        "address": f"{web.url}/docs/note.txt",
        "etag": '"v1"',
        "sha256": hashlib.sha256(NOTE).hexdigest(),
    }
    assert found[2].meta["place"] == "line 1"


def test_the_same_bytes_give_the_same_artifact(home: Path, tmp_path: Path) -> None:
    with web_server(home, {"/a.txt": Page(NOTE, {"Date": "now", "Set-Cookie": "x=1"})}) as web:
        source = {"kind": "url", "addresses": [f"{web.url}/a.txt"]}
        contexts = [run_stage("import_dataset", tmp_path / n, {"source": source}) for n in "ab"]
        assert any(row[3] == "fetching" for row in contexts[0].progressed)
    files = [next((tmp_path / n / "dataset").iterdir()) for n in "ab"]
    assert hash_file(files[0]) == hash_file(files[1])


def test_nothing_may_be_asked_unless_it_is_listed(home: Path) -> None:
    error = refusal("https://example.org/a.txt")
    assert isinstance(error, Forbidden) and error.code == "host-not-allowed"
    assert error.where == "source.addresses"
    assert str(home / "network.json") in error.hint and "example.org" in error.hint
    allow(home, hosts=["example.org:8443", "*.example.net"])
    for address in ("https://example.org", "https://example.net", "https://badexample.net"):
        assert refusal(address).code == "host-not-allowed", address


def test_a_list_that_cannot_be_read(home: Path) -> None:
    for text in (
        "{",
        '{"host": []}',
        '{"private_hosts": ["*"]}',
        '{"private_hosts": ["*:80"]}',
        "[]",
    ):
        home.mkdir(exist_ok=True)
        (home / "network.json").write_text(text)
        assert refusal("https://example.org").code == "bad-network-file", text


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/a",
        "file:///etc/passwd",
        "//example.org/a",
        "example.org",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org@127.0.0.1/",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https://example.org\\@127.0.0.1/",
        "http://[::1/",
        "https://example.org/\r\nX: y",
    ],
)
def test_addresses_that_cannot_be(address: str, home: Path) -> None:
    allow(home, hosts=["*"])
    error = refusal(address)
    assert isinstance(error, InvalidSpec) and error.code == "bad-address"
    assert "secret" not in error.message


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "127.1",
        "10.0.0.7",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:7]",
        "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]",
        "[fe80::1]",
        "[fd00::1]",
        "[fec0::1]",
        "[ff02::1]",
    ],
)
def test_the_inner_network_is_not_asked(host: str, home: Path) -> None:
    allow(home, hosts=["*"])
    error = refusal(f"http://{host}/")
    assert isinstance(error, Forbidden) and error.code == "private-address"


def test_a_name_that_lies_inside_is_refused_and_one_that_is_listed_is_not(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also the way of a name server that answers otherwise the second time: the number that was checked is the one asked."""
    answers = iter(["127.0.0.1", "10.0.0.1"])
    real = socket.getaddrinfo

    def resolve(host: str, *more: Any, **named: Any) -> Any:
        return real(next(answers) if host == "files.example.org" else host, *more, **named)

    with web_server(home, {"/a.txt": Page(NOTE)}) as web:
        monkeypatch.setattr("glassworks.lm.data.web.addresses.socket.getaddrinfo", resolve)
        address = f"http://files.example.org:{web.port}/a.txt"
        allow(home, private_hosts=[f"files.example.org:{web.port}"])
        reading = Url.read(Url.Config(addresses=(address,)))
        assert [document.text for document in reading.documents] == [NOTE.decode()]
        assert web.asked[0][2]["Host"] == f"files.example.org:{web.port}"
        allow(home, hosts=[f"files.example.org:{web.port}"])
        assert refusal(address).code == "private-address"


def test_a_name_server_that_is_silent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_over = threading.Event()

    def silent(*_: Any, **__: Any) -> list[Any]:
        is_over.wait(30)
        return []

    monkeypatch.setattr("glassworks.lm.data.web.addresses.RESOLVE_S", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", silent)
    allow(home, hosts=["example.org"])
    try:
        error = refusal("https://example.org/a.txt")
    finally:
        is_over.set()
    assert error.code == "fetch-failed" and "no name server answered" in error.message


def test_redirects(home: Path) -> None:
    pages = {
        "/a": redirect("/b"),
        "/b": redirect("c.txt", 307),
        "/c.txt": Page(NOTE),
        "/circle": redirect("/circle"),
        "/inside": redirect("http://localhost:1/secret"),
        "/file": redirect("file:///etc/passwd"),
        "/nowhere": Page(status=302),
    }
    with web_server(home, pages) as web:
        assert [document.text for document in read(f"{web.url}/a")] == [NOTE.decode()]
        assert refusal(f"{web.url}/circle").code == "bad-redirect"
        assert refusal(f"{web.url}/inside").code == "host-not-allowed"
        assert refusal(f"{web.url}/file").code == "bad-redirect"
        assert refusal(f"{web.url}/nowhere").code == "bad-redirect"
        allow(home, private_hosts=[f"127.0.0.1:{web.port}"], hosts=["localhost:1"])
        assert refusal(f"{web.url}/inside").code == "private-address"


def test_a_certificate_has_to_be_good(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is compared with the name that was asked for, though a number is connected to."""
    pages = {"/a.txt": Page(NOTE), "/down": redirect("http://127.0.0.1:1/a.txt")}
    with web_server(home, dict(pages), is_secure=True) as web:
        hosts = ("localhost", "127.0.0.1")
        allow(home, private_hosts=[f"{host}:{web.port}" for host in hosts] + ["127.0.0.1:1"])
        good = f"https://localhost:{web.port}"
        error = refusal(f"{good}/a.txt")
        assert error.code == "fetch-failed" and "self-signed" in error.message
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert [document.text for document in read(f"{good}/a.txt")] == [NOTE.decode()]
        error = refusal(f"{web.url}/a.txt")
        assert error.code == "fetch-failed" and "not valid for" in error.message
        error = refusal(f"{good}/down")
        assert error.code == "bad-redirect" and "from https to http" in error.message


def test_what_servers_refuse(home: Path) -> None:
    pages = {"/closed": Page(status=401), "/gone": Page(status=410), "/broken": Page(status=500)}
    with web_server(home, pages) as web:
        assert isinstance(refusal(f"{web.url}/none"), NotFound)
        assert isinstance(refusal(f"{web.url}/gone"), NotFound)
        assert refusal(f"{web.url}/closed").code == "address-forbidden"
        web.asked.clear()
        assert isinstance(refusal(f"{web.url}/broken"), Unavailable)
        assert len(web.asked) == 3, "three tries"
    assert refusal(f"{web.url}/a").code == "fetch-failed", "nobody listens there any more"


def test_a_failure_that_passes(home: Path) -> None:
    cuts = iter([True, True, False])

    def cut_twice(handler: Handler) -> None:
        length = len(NOTE) + (100 if handler.command == "GET" and next(cuts) else 0)
        Page(NOTE, length=length)(handler)
        handler.close_connection = True

    pages = {"/busy.txt": Page(NOTE, status=[503, 200]), "/cut.txt": cut_twice}
    with web_server(home, pages) as web:
        found = read(f"{web.url}/busy.txt", f"{web.url}/cut.txt", max_bytes=2 * len(NOTE) + 200)
    assert [document.text for document in found] == [NOTE.decode()] * 2


def test_a_connection_that_is_always_cut(home: Path) -> None:
    with web_server(home, {"/a.txt": Page(NOTE, length=len(NOTE) + 1)}) as web:
        error = refusal(f"{web.url}/a.txt")
    assert isinstance(error, Unavailable) and "ended before" in error.message


def test_a_change_after_planning(home: Path) -> None:
    with web_server(home, {"/a.txt": Page(NOTE, {"ETag": '"1"'})}) as web:
        config = Url.resolve(Url.Config(addresses=(f"{web.url}/a.txt",)))
        assert len(config.fingerprint) == 64
        web.pages["/a.txt"] = Page(NOTE, {"ETag": '"2"'})
        with pytest.raises(Conflict, match="has changed"):
            Url.read(config)


def test_a_server_that_dislikes_questions(home: Path) -> None:
    def only_get(handler: Handler) -> None:
        Page(NOTE, status=200 if handler.command == "GET" else 405)(handler)

    with web_server(home, {"/a.txt": only_get}) as web:
        assert len(read(f"{web.url}/a.txt")) == 1


# --- too much --------------------------------------------------------------------------------------------------


def test_50_gb_declared_are_refused_before_a_byte_is_taken(home: Path) -> None:
    with web_server(home, {"/a.txt": Page(b"x", length=50 << 30)}) as web:
        error = refusal(f"{web.url}/a.txt")
    assert isinstance(error, LimitReached) and error.code == "fetch-too-large"


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while handler.command == "GET":
        handler.wfile.write(b"word " * 20_000)


def test_a_stream_without_end(home: Path) -> None:
    with web_server(home, {"/a.txt": endless}) as web:
        assert refusal(f"{web.url}/a.txt", max_bytes=1 << 20).code == "fetch-too-large"


def test_the_administrator_has_the_last_word(home: Path) -> None:
    with web_server(home, {"/a.txt": endless}) as web:
        allow(home, private_hosts=[f"127.0.0.1:{web.port}"], max_bytes=1 << 20)
        assert refusal(f"{web.url}/a.txt", max_bytes=1 << 40).code == "fetch-too-large"


def test_all_files_together_have_one_budget(home: Path) -> None:
    pages = {f"/{n}.txt": Page(NOTE) for n in range(3)}
    with web_server(home, dict(pages)) as web:
        addresses = [web.url + path for path in pages]
        assert len(read(*addresses, max_bytes=3 * len(NOTE))) == 3
        assert refusal(*addresses, max_bytes=3 * len(NOTE) - 1).code == "fetch-too-large"


def test_what_is_packed_is_counted_unpacked(home: Path) -> None:
    packed = {"Content-Encoding": "gzip"}
    pages = {
        "/bomb.txt": Page(gzip.compress(b" " * (64 << 20)), packed),
        "/good.txt": Page(gzip.compress(NOTE), packed),
        "/cut.txt": Page(gzip.compress(NOTE)[:-9], packed),
        "/odd.txt": Page(NOTE, {"Content-Encoding": "br"}),
    }
    with web_server(home, dict(pages)) as web:
        assert refusal(f"{web.url}/bomb.txt", max_bytes=1 << 20).code == "fetch-too-large"
        assert [document.text for document in read(f"{web.url}/good.txt")] == [NOTE.decode()]
        assert refusal(f"{web.url}/cut.txt").code == "fetch-failed"
        assert refusal(f"{web.url}/odd.txt").code == "fetch-failed"


def test_a_byte_at_a_time_is_cut_off(home: Path) -> None:
    def slowly(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while handler.command == "GET":
            handler.wfile.write(b"x")
            time.sleep(0.05)

    with web_server(home, {"/a.txt": slowly}) as web:
        error = refusal(f"{web.url}/a.txt", max_seconds=1)
    assert isinstance(error, Unavailable) and error.code == "fetch-too-slow"


def test_hostile_archives_are_refused_as_files_are(home: Path) -> None:
    claims = tarfile.TarInfo("a.txt")
    claims.size = 50 << 30
    pages = {
        "/bomb.zip": Page(made.zipped({"a.txt": b" " * (80 << 20)})),
        "/claims.tar": Page(claims.tobuf(format=tarfile.GNU_FORMAT) + b"text"),
        "/out.zip": Page(made.zipped({"../../a.txt": b"text"})),
    }
    with web_server(home, dict(pages)) as web:
        assert refusal(f"{web.url}/bomb.zip", max_bytes=70 << 20).code == "archive-too-large"
        assert refusal(f"{web.url}/claims.tar").code == "damaged-archive"
        error = refusal(f"{web.url}/out.zip")
        assert error.code == "unsafe-archive" and "/out.zip" in error.message
        left = Url.read(Url.Config(addresses=(f"{web.url}/out.zip",), on_bad="leave_out"))
        with pytest.raises(BadData, match="Nothing of what was fetched"):
            list(left.documents)
        assert [one.code for one in left.left_out] == ["unsafe-archive"]


def test_an_archive_of_very_many_files_stays_small(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members come one at a time: only one of them lies on the disk, and their number is bounded."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for number in range(600):
            info = tarfile.TarInfo(f"{number}.txt")
            info.size = 1
            archive.addfile(info, io.BytesIO(b"x"))
    with web_server(home, {"/many.tar": Page(buffer.getvalue())}) as web:
        config = Url.Config(addresses=(f"{web.url}/many.tar",))
        assert sum(1 for _ in Url.read(config).documents) == 600
        monkeypatch.setattr("glassworks.lm.text.archives.MAX_MEMBERS", 500)
        with pytest.raises(BadData, match="more than 500 files"):
            sum(1 for _ in Url.read(config).documents)


def test_a_stop_is_heard_while_bytes_come(home: Path, tmp_path: Path) -> None:
    with web_server(home, {"/a.txt": endless}) as web:
        source = {"kind": "url", "addresses": [f"{web.url}/a.txt"]}
        context = make_context("import_dataset", tmp_path / "out", {"source": source}, {})
        context.stop_after = 3
        with pytest.raises(Stopped):
            STAGES.load("import_dataset")().run(context)
