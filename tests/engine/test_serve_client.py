"""A model's process and its client, with a real (tiny) model."""

import math
import os
import signal
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import InvalidSpec, NotFound, Unavailable
from glassworks.engine.serve_client import ServeClient
from glassworks.specs.frames import FrameDecoder, encode_frame
from tests.worker.attempts import is_gone, until
from tests.worker.models import TinyModel, make_tiny_model

ENDLESS = {"max_tokens": 10_000_000, "temperature": 0}
"""Greedy: a draw would come upon the end of a text sooner or later, and on each kind of processor elsewhere."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> TinyModel:
    return make_tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def client(model: TinyModel) -> Iterator[ServeClient]:
    with ServeClient(model.store.root) as one:
        about = one.load(model.checkpoint, model.tokenizer)
        assert (about["step"], about["context"]) == (7, 32)
        yield one


def running(client: ServeClient) -> subprocess.Popen[bytes]:
    assert client._process is not None
    return client._process


def connect(client: ServeClient) -> socket.socket:
    assert client._folder is not None
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(30)
    connection.connect(str(client._folder / "model.sock"))
    return connection


def answers(connection: socket.socket) -> Iterator[dict[str, Any]]:
    decoder = FrameDecoder()
    while data := connection.recv(4096):
        yield from (frame.header for frame in decoder.feed(data))


def test_equal_seeds_give_equal_text(client: ServeClient) -> None:
    settings = {"max_tokens": 40, "seed": 5}
    first = "".join(client.generate("To be", settings))
    assert first
    assert client.last_done["num_tokens"] == 40
    assert client.last_done["finish_reason"] == "length"
    assert "".join(client.generate("To be", settings)) == first
    assert "".join(client.generate("To be", {**settings, "seed": 6})) != first


def test_two_generations_interleave_and_one_is_cancelled(client: ServeClient) -> None:
    before = client.stats()["num_generations"]
    first = client.generate("To be", ENDLESS)
    second = client.generate("or not", {"max_tokens": 60})
    for _ in range(3):
        assert next(first) is not None
        assert next(second) is not None
    first.close()  # nobody wants it any more
    assert "".join(second) is not None
    assert client.last_done["num_tokens"] == 60
    until(lambda: client.stats()["num_generations"] == before + 2)  # the endless one has ended


def test_cancel_ends_the_target_alone(client: ServeClient) -> None:
    with connect(client) as connection:
        request = {"op": "generate", "prompt": "To be", "settings": ENDLESS}
        connection.sendall(encode_frame({"id": 1, **request}) + encode_frame({"id": 2, **request}))
        seen: set[Any] = set()
        cancelled_first = False
        for header in answers(connection):
            if "piece" in header:
                seen.add(header["id"])
            if seen == {1, 2} and not cancelled_first:
                cancelled_first = True
                connection.sendall(encode_frame({"id": 3, "op": "cancel", "target": 1}))
            if header["id"] == 1 and "done" in header:
                assert header["done"]["finish_reason"] == "cancelled"
                connection.sendall(encode_frame({"id": 4, "op": "cancel", "target": 2}))
            if header["id"] == 2 and "done" in header:
                assert header["done"]["finish_reason"] == "cancelled"
                break
        assert cancelled_first


def test_many_threads_share_one_client(client: ServeClient) -> None:
    found: dict[int, str] = {}

    def write(seed: int) -> None:
        found[seed] = "".join(client.generate("To be", {"max_tokens": 30, "seed": seed % 2}))

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[2] == found[4]
    assert found[1] == found[3] == found[5]
    assert found[0] != found[1]


def test_score_gives_one_figure_per_token(client: ServeClient) -> None:
    text = "To be, or not to be, that is the question. To be, or not to be, that is it."
    scored = client.score(text)
    assert "".join(scored["pieces"]) == text
    assert len(scored["nats"]) == len(scored["ids"]) > 32
    first, *others = scored["nats"]
    assert first is None  # nothing stands before it, and this tokenizer has no end token
    assert all(nats > 0 for nats in others)


def test_a_generation_that_is_told_of(client: ServeClient) -> None:
    settings = {"max_tokens": 12, "seed": 5}
    plain = "".join(client.generate("To be", settings))
    first, *pieces = client.stream({"prompt": "To be", "settings": settings, "alternatives": 3})
    assert "".join(first["prompt_pieces"]) == "To be"
    tokens = [token for piece in pieces for token in piece["tokens"]]
    assert "".join(token["text"] for token in tokens) == plain
    assert [token["id"] for token in tokens] == [i for piece in pieces for i in piece["ids"]]
    for token in tokens:
        assert token["surprise"] == pytest.approx(-math.log(token["probability"]))
        assert len(token["alternatives"]) == 3
    branch = first["prompt_ids"] + [token["id"] for token in tokens[:4]]
    more = {"settings": settings, "alternatives": 0}
    begun, *_ = client.stream({"prompt_ids": branch, **more})
    assert begun["prompt_ids"] == branch


def test_the_logits_of_the_next_token(client: ServeClient) -> None:
    about, logits = client.next_logits({"prompt": "To be"})
    values = struct.unpack(f"<{about['vocab_size']}f", logits)
    assert about["vocab_size"] == 270
    assert len(about["pieces"]) == 256
    told = client.stream({"prompt": "To be", "settings": {"max_tokens": 1}, "alternatives": 5})
    pieces = list(told)
    best = sorted(range(270), key=lambda i: -values[i])[:5]
    (token,) = [token for piece in pieces for token in piece.get("tokens", [])]
    assert [one["id"] for one in token["alternatives"]] == best
    total = sum(math.exp(v) for v in values)
    for one in token["alternatives"]:
        assert one["probability"] == pytest.approx(math.exp(values[one["id"]]) / total, rel=1e-5)
        assert about["pieces"][str(one["id"])] == one["text"]


@pytest.mark.parametrize(
    ("request_fields", "code"),
    [
        ({"op": "sing"}, "bad-request"),
        ({"op": "generate"}, "bad-request"),
        ({"op": "generate", "prompt": "x", "settings": {"temperature": -1}}, "invalid-config"),
        ({"op": "generate", "prompt": "x", "settings": {"warmth": 1}}, "invalid-config"),
        ({"op": "generate", "prompt_ids": [99999]}, "unknown-token"),
        ({"op": "generate", "prompt": "x", "alternatives": 21}, "bad-request"),
        ({"op": "generate", "prompt": "x", "alternatives": "many"}, "bad-request"),
        ({"op": "next", "prompt_ids": ["a"]}, "unknown-token"),
        ({"op": "next", "prompt": ""}, "empty-prompt"),
        ({"op": "load", "checkpoint": "0" * 64, "tokenizer": "0" * 64}, "artifact-missing"),
    ],
)
def test_a_bad_request_is_answered_and_the_connection_goes_on(
    client: ServeClient, request_fields: dict[str, Any], code: str
) -> None:
    with connect(client) as connection:
        stream = answers(connection)
        connection.sendall(encode_frame({"id": 1, **request_fields}))
        assert next(stream)["error"]["code"] == code
        connection.sendall(encode_frame({"id": 2, "op": "stats"}))
        assert next(stream)["done"]["model"]["step"] == 7


def test_a_malformed_frame_ends_its_connection_only(client: ServeClient) -> None:
    for garbage in (
        struct.pack(">I", 1 << 31),
        struct.pack(">I", 3) + b"abc",
        b"GET / HTTP/1.1\r\n",
    ):
        with connect(client) as connection:
            connection.sendall(garbage)
            found = list(answers(connection))
            assert [answer["error"]["code"] for answer in found] == ["bad-frame"]
    assert client.stats()["model"]["step"] == 7


def test_errors_come_back_as_what_they_were(client: ServeClient) -> None:
    with pytest.raises(InvalidSpec):
        list(client.generate("To be", {"temperature": -1}))
    with pytest.raises(NotFound):
        client.load("0" * 64, "0" * 64)


def test_the_socket_is_private(client: ServeClient) -> None:
    assert client._folder is not None
    assert client._folder.stat().st_mode & 0o777 == 0o700


def test_a_killed_process_is_told(model: TinyModel) -> None:
    with ServeClient(model.store.root) as client:
        client.load(model.checkpoint, model.tokenizer)
        stream = client.generate("To be", ENDLESS)
        next(stream)
        os.kill(running(client).pid, signal.SIGKILL)
        with pytest.raises(Unavailable) as caught:
            list(stream)
        assert caught.value.code == "model-process-ended"


def test_nothing_is_left_when_the_client_closes(model: TinyModel) -> None:
    client = ServeClient(model.store.root)
    client.load(model.checkpoint, model.tokenizer)
    stream = client.generate("To be", ENDLESS)
    next(stream)
    folder, pid = client._folder, running(client).pid
    assert isinstance(folder, Path)
    client.close()
    assert is_gone(pid)
    assert not folder.exists()


def test_the_process_ends_when_its_parent_dies(model: TinyModel) -> None:
    with ServeClient(model.store.root) as client:
        client.load(model.checkpoint, model.tokenizer)
        stream = client.generate("To be", ENDLESS)
        next(stream)
        process = running(client)
        assert process.stdin is not None
        folder = client._folder
        assert folder is not None
        process.stdin.close()  # what the system does when the parent dies
        until(lambda: process.poll() is not None)
        assert not folder.exists()
