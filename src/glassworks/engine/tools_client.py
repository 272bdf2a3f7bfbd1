"""The client of the resident helper `worker tools`: one process, started when first needed, started anew after a crash.

In: an op and its arguments. Out: its result, or the helper's error raised here as what it was there; on the way, where
someone wants to know, how far it is. The helper ends with its standard input, so it cannot outlive the process that uses it.
"""

import contextlib
import itertools
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import IO, Any

from glassworks.common.errors import Unavailable, error_from_dict
from glassworks.engine.closing import Closing

CLOSE_LIMIT_S = 2.0
READ_BYTES = 1 << 16
SAID_CHARACTERS = 300
OnProgress = Callable[[dict[str, Any]], None]


class ToolsClient(Closing):
    """One helper. Calls may come from several threads; they are answered one after another."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._buffer = bytearray()
        self._lock = threading.Lock()
        self._ids = itertools.count(1)

    def call(
        self,
        op: str,
        args: dict[str, Any],
        timeout_s: float = 60.0,
        on_progress: OnProgress | None = None,
    ) -> dict[str, Any]:
        """Ask the helper. Raises the op's own error; Unavailable when the helper dies or takes longer than the limit.

        on_progress: told `{done, total, unit, phase}` a few times a second, by ops that tell.
        """
        with self._lock:
            request_id = next(self._ids)
            try:
                has_progress = on_progress is not None
                asked = {"id": request_id, "op": op, "args": args, "has_progress": has_progress}
                self._send(asked)
                answer = self._receive(request_id, time.monotonic() + timeout_s, on_progress)
            except TimeoutError:
                self._stop(limit_s=0)
                raise _too_slow(op, timeout_s) from None
            except (OSError, EOFError):
                said = self._stop()
                raise _crashed(op, said) from None
            except (
                BaseException
            ):  # Ctrl-C in the middle of an answer: the next call must not read it
                self._stop(limit_s=0)
                raise
        if not answer["ok"]:
            raise error_from_dict(answer["error"])
        result: dict[str, Any] = answer["result"]
        return result

    def close(self) -> None:
        """End the helper; a later call starts a new one."""
        with self._lock:
            self._stop()

    def _send(self, request: dict[str, Any]) -> None:
        process = self._started()
        assert process.stdin is not None
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()

    def _receive(
        self, request_id: int, deadline: float, on_progress: OnProgress | None
    ) -> dict[str, Any]:
        while True:
            answer: dict[str, Any] = json.loads(self._read_line(deadline))
            if answer.get("id") != request_id:
                continue
            if "progress" not in answer:
                return answer
            if on_progress is not None:
                on_progress(answer["progress"])

    def _read_line(self, deadline: float) -> bytes:
        """Raises TimeoutError, or EOFError when the helper has ended."""
        assert self._process is not None and self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while (end := self._buffer.find(b"\n")) < 0:
            left_s = deadline - time.monotonic()
            if left_s <= 0 or not select.select([descriptor], [], [], left_s)[0]:
                raise TimeoutError
            data = os.read(descriptor, READ_BYTES)
            if not data:
                raise EOFError
            self._buffer += data
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `_stop`)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "glassworks.worker", "tools"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,  # a Ctrl-C is for the command line, which then closes the helper
        )
        return self._process

    def _stop(self, limit_s: float = CLOSE_LIMIT_S) -> str:
        """End the process, gently where that works; returns the last line that it wrote to standard error."""
        process, errors = self._process, self._errors
        self._process = self._errors = None
        self._buffer.clear()
        if process is not None:
            _end(process, limit_s)
        if errors is None:
            return ""
        with errors:
            size = errors.seek(0, os.SEEK_END)
            errors.seek(max(0, size - 4000))
            lines = errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:SAID_CHARACTERS] if lines else ""


def _end(process: subprocess.Popen[bytes], limit_s: float) -> None:
    assert process.stdin is not None and process.stdout is not None
    with contextlib.suppress(OSError):
        process.stdin.close()
    try:
        process.wait(limit_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def _crashed(op: str, said: str) -> Unavailable:
    return Unavailable(
        "helper-crashed",
        f"The helper ended while it worked on {op!r}."
        + (f" Its last words: {said}" if said else ""),
        "Try again; it is started anew. `glassworks doctor` checks the installation.",
    )


def _too_slow(op: str, timeout_s: float) -> Unavailable:
    return Unavailable(
        "helper-timeout",
        f"The helper took longer than {timeout_s:g} s for {op!r} and was ended.",
        "Try again when the machine is less busy.",
    )
