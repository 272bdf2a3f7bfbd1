"""A loaded model on a Unix socket: frames in, frames out (`specs.frames`), many requests at once told apart by id.

    load      {checkpoint, tokenizer}                  -> done {step, parameters, context, vocab_size, has_chat_template}
    generate  {prompt | prompt_ids | messages, settings} -> piece {text, ids} ..., done {finish_reason, num_tokens, ...}
              with {alternatives: 0..20}               -> piece {prompt_ids, prompt_pieces}, then pieces with {tokens}
    next      {prompt | prompt_ids | messages}         -> done {prompt_ids, prompt_pieces, vocab_size, pieces} + logits
    score     {text | ids}                             -> done {ids, pieces, nats}
    cancel    {target}                                 -> done {}; the target then ends with `cancelled`
    stats     {}                                       -> done {...}

`messages` ([{role, content}, ...]) are written by the tokenizer's chat template; the answer ends where a turn does.
Every request is `{"id", "op", ...}`; an answer carries its `id`. What goes wrong in a request is its answer, `error`.
The logits of `next` are the binary part of its frame: float32, little-endian, one for each token of the vocabulary.
Unusual: bytes that are no frame end that connection, never the server; the server ends when its standard input does,
so it cannot outlive whoever started it.
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from glassworks.common.errors import GlassworksError, InvalidSpec, LimitReached
from glassworks.common.logging import get_logger
from glassworks.specs.frames import FrameDecoder, encode_frame
from glassworks.worker.failures import as_answer
from glassworks.worker.serving import Room

log = get_logger("worker.serve")
MAX_CONNECTIONS = 32
MAX_REQUESTS = 16
READ_BYTES = 1 << 16


def serve(path: Path, store: Path, threads: int) -> int:
    """Listen at `path` until standard input ends; says `ready` on standard output once it does."""
    listener = _listen(path)
    room = Room(store, threads)
    places = threading.BoundedSemaphore(MAX_CONNECTIONS)
    threading.Thread(target=_end_with_parent, args=(path,), daemon=True).start()
    os.write(1, b"ready\n")
    os.dup2(
        2, 1
    )  # nobody reads standard output any more: what a library prints goes to standard error
    while True:
        connection, _ = listener.accept()
        if places.acquire(blocking=False):
            work = _Connection(connection, room, places.release)
            threading.Thread(target=work.run, daemon=True).start()
        else:
            connection.close()


def _listen(path: Path) -> socket.socket:
    """The socket, which only this user can open."""
    before = os.umask(0o177)
    try:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(MAX_CONNECTIONS)
    return listener


def _end_with_parent(path: Path) -> None:
    while os.read(0, 1024):
        pass
    with contextlib.suppress(OSError):
        path.unlink()
        path.parent.rmdir()  # whoever started us may have been killed; only an empty folder goes
    os._exit(0)


class _Connection:
    """One client: reads its frames, runs its requests in threads of their own, writes answers one frame at a time."""

    def __init__(self, connection: socket.socket, room: Room, closed: Callable[[], None]) -> None:
        self._socket = connection
        self._room = room
        self._closed = closed
        self._write_lock = threading.Lock()
        self._running: dict[Any, threading.Event] = {}
        self._running_lock = threading.Lock()

    def run(self) -> None:
        decoder = FrameDecoder()
        try:
            while data := self._socket.recv(READ_BYTES):
                for frame in decoder.feed(data):
                    self._take(frame.header)
        except GlassworksError as error:
            self._send({"id": None, "error": error.to_dict()})
        except OSError:
            pass  # the client went away
        finally:
            self._cancel_all()
            with self._write_lock:
                self._socket.close()
            self._closed()

    def _take(self, request: dict[str, Any]) -> None:
        """Start a request; `cancel` is done at once, in the thread that reads."""
        request_id = request.get("id")
        try:
            if request.get("op") == "cancel":
                self._cancel(request.get("target"))
                self._send({"id": request_id, "done": {}})
                return
            cancelled = self._admit(request_id)
        except GlassworksError as error:
            self._send({"id": request_id, "error": error.to_dict()})
            return
        work = threading.Thread(target=self._work, args=(request, cancelled), daemon=True)
        work.start()

    def _work(self, request: dict[str, Any], cancelled: threading.Event) -> None:
        request_id = request["id"]

        def send_piece(piece: dict[str, Any]) -> None:
            self._send({"id": request_id, "piece": piece})

        started, binary = time.monotonic(), b""
        try:
            answered = self._room.answer(request, send_piece, cancelled.is_set)
            done = {**answered.done, "duration_s": round(time.monotonic() - started, 6)}
            answer, binary = {"id": request_id, "done": done}, answered.binary
        except GlassworksError as error:
            answer = {"id": request_id, "error": error.to_dict()}
        except Exception as error:  # a named edge: one request must not end the server
            log.error("a request failed", exc_info=error)
            answer = {"id": request_id, "error": as_answer(error).to_dict()}
        with self._running_lock:
            del self._running[request_id]
        self._send(answer, binary)

    def _admit(self, request_id: Any) -> threading.Event:
        if not isinstance(request_id, int | str):
            raise InvalidSpec("bad-request", "A request to the model has no usable `id`.")
        with self._running_lock:
            if request_id in self._running:
                raise InvalidSpec("bad-request", f"Request {request_id!r} is already running.")
            if len(self._running) >= MAX_REQUESTS:
                raise LimitReached(
                    "too-many-requests",
                    f"{MAX_REQUESTS} requests of this connection are running already.",
                    "Wait until one is done.",
                )
            cancelled = threading.Event()
            self._running[request_id] = cancelled
            return cancelled

    def _cancel(self, target: Any) -> None:
        with self._running_lock:
            found = self._running.get(target) if isinstance(target, int | str) else None
        if found is not None:  # else it is done already, which is what was wanted
            found.set()

    def _cancel_all(self) -> None:
        with self._running_lock:
            for cancelled in self._running.values():
                cancelled.set()

    def _send(self, header: dict[str, Any], binary: bytes = b"") -> None:
        """Write one frame; when the client is gone all that it asked for is cancelled."""
        try:
            data = encode_frame(header, binary)
        except GlassworksError as error:
            data = encode_frame({"id": header["id"], "error": error.to_dict()})
        try:
            with self._write_lock:
                self._socket.sendall(data)
        except OSError:
            self._cancel_all()
