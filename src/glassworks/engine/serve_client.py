"""The client of a model's process (`worker serve`): starts it, talks to it in frames, ends it.

In: a store, the ids of a checkpoint and its tokenizer, prompts. Out: text, piece by piece. The socket lies in a private
temporary folder (mode 700). Several generations may run at once, from several threads; a generation that is no longer
wanted (its iterator is closed) is cancelled.
"""

import contextlib
import itertools
import os
import queue
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any

from glassworks.common.errors import GlassworksError, Unavailable, error_from_dict
from glassworks.engine.closing import Closing
from glassworks.engine.pace import PACE
from glassworks.specs.frames import Frame, FrameDecoder, encode_frame

START_LIMIT_S = 120.0
END_LIMIT_S = 5.0
READ_BYTES = 1 << 16
SAID_CHARACTERS = 300
Answers = queue.SimpleQueue[Frame | None]


class ServeClient(Closing):
    """One model's process, started on first use. `last_done` holds the figures of the last finished generation."""

    def __init__(self, store: Path, threads: int = 1) -> None:
        self._store = store
        self._threads = threads
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._folder: Path | None = None
        self._socket: socket.socket | None = None
        self._reader: threading.Thread | None = None
        self._waiting: dict[int, Answers] = {}
        self._is_closed = False
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self.last_done: dict[str, Any] = {}

    @property
    def is_closed(self) -> bool:
        """Whether the process has ended, or was; such a client answers nothing any more."""
        return self._is_closed

    def load(self, checkpoint: str, tokenizer: str) -> dict[str, Any]:
        """Load a model by artifact ids; returns its step, parameters, context, vocab_size. Raises NotFound, BadData."""
        return self.call("load", {"checkpoint": checkpoint, "tokenizer": tokenizer})

    def generate(
        self, prompt: str | dict[str, Any], settings: dict[str, Any]
    ) -> Generator[str, None, None]:
        """Stream a continuation of a text, or of `{"messages": [...]}` the answer.

        Raises InvalidSpec for wrong settings, Unavailable when the process ends.
        """
        given = {"prompt": prompt} if isinstance(prompt, str) else prompt
        pieces = self.stream({**given, "settings": settings})
        with contextlib.closing(pieces):
            for piece in pieces:
                yield piece["text"]

    def stream(self, fields: dict[str, Any]) -> Generator[dict[str, Any], None, dict[str, Any]]:
        """The pieces of a generation as they come: `{text, ids}`, with `alternatives` also `tokens` (see `worker serve`).

        fields: `prompt`, `prompt_ids` or `messages`, `settings`, `alternatives`. Returns the figures of the whole. Raises as
        `generate` does.
        """
        request_id, answers = self._ask("generate", fields)
        is_over = False
        try:
            while True:
                answer = self._next(answers).header
                if "piece" in answer:
                    yield answer["piece"]
                    continue
                is_over = True
                self.last_done = done = _done(answer)
                return done
        finally:
            self._forget(request_id, is_over)

    def next_logits(self, fields: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """What comes after `prompt` or `prompt_ids`: about it, and the logits as float32, little-endian."""
        frame = self._call("next", fields)
        return _done(frame.header), frame.binary

    def score(self, text: str) -> dict[str, Any]:
        """Ids, pieces and nats of each token of `text`."""
        return self.call("score", {"text": text})

    def stats(self) -> dict[str, Any]:
        return self.call("stats", {})

    def call(self, op: str, fields: dict[str, Any]) -> dict[str, Any]:
        """A request with one answer. Raises its error, or Unavailable when the process ends."""
        return _done(self._call(op, fields).header)

    def close(self) -> None:
        """End the process, gently where that works."""
        self._is_closed = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        if self._reader is not None:
            self._reader.join()
        if self._socket is not None:
            self._socket.close()
        self._end_process()

    # --- requests ------------------------------------------------------------------------------------------------

    def _ask(self, op: str, fields: dict[str, Any]) -> tuple[int, Answers]:
        self._start()
        request_id, answers = next(self._ids), Answers()
        self._waiting[request_id] = answers
        self._send({"id": request_id, "op": op, **fields})
        return request_id, answers

    def _call(self, op: str, fields: dict[str, Any]) -> Frame:
        request_id, answers = self._ask(op, fields)
        is_over = False
        try:
            answer = self._next(answers)
            is_over = True
            return answer
        finally:
            self._forget(request_id, is_over)

    def _next(self, answers: Answers) -> Frame:
        answer = answers.get()
        if answer is None:
            raise self._ended()
        return answer

    def _forget(self, request_id: int, is_over: bool) -> None:
        """Nobody listens to this request any more; what still runs of it is cancelled."""
        self._waiting.pop(request_id, None)
        if not is_over and not self._is_closed:
            with contextlib.suppress(GlassworksError):
                self._send({"id": next(self._ids), "op": "cancel", "target": request_id})

    def _send(self, header: dict[str, Any]) -> None:
        assert self._socket is not None
        data = encode_frame(header)
        try:
            with self._lock:
                self._socket.sendall(data)
        except OSError:
            raise self._ended() from None

    def _read_frames(self, connection: socket.socket) -> None:
        """The reading thread: hands each answer to whoever waits for it; at the end of the stream, `None` to all."""
        decoder = FrameDecoder()
        with contextlib.suppress(OSError, GlassworksError):
            while data := connection.recv(READ_BYTES):
                for frame in decoder.feed(data):
                    answers = self._waiting.get(frame.header.get("id") or 0)
                    if answers is not None:
                        answers.put(frame)
        self._is_closed = True
        for answers in list(self._waiting.values()):
            answers.put(None)

    # --- the process ---------------------------------------------------------------------------------------------

    def _start(self) -> None:
        with self._lock:
            if self._is_closed:
                raise self._ended()
            if self._socket is not None:
                return
            self._folder = Path(tempfile.mkdtemp(prefix="glassworks-"))  # mode 700
            path = self._folder / "model.sock"
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
            try:
                self._process = self._spawn(path)
                self._await_ready(self._process)
                self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                self._socket.connect(str(path))
            except BaseException:
                self._is_closed = True
                self._end_process()
                raise
            self._reader = threading.Thread(target=self._read_frames, args=(self._socket,))
            self._reader.daemon = True
            self._reader.start()

    def _spawn(self, path: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "glassworks.worker", "serve"]
        command += ["--socket", str(path), "--store", str(self._store)]
        threads = str(self._threads)
        return subprocess.Popen(
            [*command, "--threads", threads],
            env={
                **PACE,
                **os.environ,
                "OMP_NUM_THREADS": threads,
                "MKL_NUM_THREADS": threads,
                "OPENBLAS_NUM_THREADS": threads,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,  # a Ctrl-C ends the generation, not the model
        )

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        deadline = time.monotonic() + START_LIMIT_S
        while (left_s := deadline - time.monotonic()) > 0:
            if select.select([process.stdout], [], [], left_s)[0]:
                if process.stdout.readline() == b"ready\n":
                    return
                break
        raise self._ended()

    def _ended(self) -> Unavailable:
        said = self._last_words()
        return Unavailable(
            "model-process-ended",
            "The model's process has ended." + (f" Its last words: {said}" if said else ""),
            "Try again; if it ends again, the machine may have too little memory for this model.",
        )

    def _last_words(self) -> str:
        if self._errors is None or self._errors.closed:
            return ""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - 4000))
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:SAID_CHARACTERS] if lines else ""

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None and process.stdout is not None
            with contextlib.suppress(OSError):
                process.stdin.close()
            try:
                process.wait(END_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()
        if self._errors is not None:
            self._errors.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _done(answer: dict[str, Any]) -> dict[str, Any]:
    if "error" in answer:
        raise error_from_dict(answer["error"])
    done: dict[str, Any] = answer["done"]
    return done
