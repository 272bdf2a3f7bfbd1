"""The resident helper: questions about stages, configs, models and texts, answered over standard input and output.

One JSON object a line: `{"id", "op", "args"}` in, `{"id", "ok": true, "result"}` or `{"id", "ok": false, "error"}` out,
in the order of the questions. A long answer may be preceded by lines `{"id", "progress": {done, total, unit, phase}}`, where the
question says `has_progress`, a few a second. Each op is a file in `ops/`, imported when it is first asked for, so torch is loaded only
by what needs it. The helper ends when its input ends.

Unusual: standard output carries protocol lines only. Whatever a library prints goes to standard error.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, TextIO

from pydantic import ValidationError

from glassworks.common.errors import GlassworksError, InvalidSpec
from glassworks.common.hashing import canonical_json
from glassworks.common.logging import get_logger
from glassworks.specs.base import invalid_spec
from glassworks.worker.failures import as_answer
from glassworks.worker.ops import OPS

log = get_logger("worker.tools")
MAX_LINE_CHARACTERS = 32 << 20
PROGRESS_EVERY_S = 0.25
Send = Callable[[dict[str, Any]], None]


def answer_requests() -> int:
    """Answer until the input ends; returns the exit code."""
    with take_standard_output() as out:

        def send(line: dict[str, Any]) -> None:
            out.write(canonical_json(line) + "\n")
            out.flush()

        for answer in answers(sys.stdin, send):
            send(answer)
    return 0


def take_standard_output() -> TextIO:
    """Keep standard output for the protocol alone; everybody else who writes to it writes to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "w", encoding="utf-8")


def answers(lines: Iterable[str], send: Send | None = None) -> Iterable[dict[str, Any]]:
    """One answer per line that is not empty. send: for what is told before an answer."""
    for line in lines:
        if line.strip():
            yield answer(line, send)


def answer(line: str, send: Send | None = None) -> dict[str, Any]:
    """The answer to one request, whatever is in it."""
    request_id: Any = None
    try:
        request = _read(line)
        request_id = request.get("id")
        is_told = send is not None and request.get("has_progress") is True
        result = _run(request, _Told(request_id, send) if is_told and send else None)
        canonical_json(result)  # what is no JSON must fail here, not while it is written
        return {"id": request_id, "ok": True, "result": result}
    except GlassworksError as error:
        return {"id": request_id, "ok": False, "error": error.to_dict()}
    except Exception as error:  # a named edge: one bad question must not end the helper
        log.error("an op failed", exc_info=error)
        return {"id": request_id, "ok": False, "error": as_answer(error).to_dict()}


def _read(line: str) -> dict[str, Any]:
    if len(line) > MAX_LINE_CHARACTERS:
        raise _malformed("it is too long")
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise _malformed("it is not JSON") from None
    if not isinstance(request, dict) or not isinstance(request.get("op"), str):
        raise _malformed("it is not an object with an `op`")
    return request


class _Told:
    """Sends an op's progress: the first and last of a phase, and between them a few a second."""

    def __init__(self, request_id: Any, send: Send) -> None:
        self._request_id = request_id
        self._send = send
        self._phase = ""
        self._next_s = 0.0

    def __call__(self, done: int, total: int, unit: str, phase: str) -> None:
        now_s = time.monotonic()
        is_edge = phase != self._phase or done == total
        if not is_edge and now_s < self._next_s:
            return
        self._phase, self._next_s = phase, now_s + PROGRESS_EVERY_S
        told = {"done": done, "total": total, "unit": unit, "phase": phase}
        self._send({"id": self._request_id, "progress": told})


def _run(request: dict[str, Any], progress: _Told | None) -> dict[str, Any]:
    op = OPS.load(request["op"])
    try:
        args = op.Args.model_validate(request.get("args") or {})
    except ValidationError as error:
        raise invalid_spec(error, request["op"]) from error
    return op(progress).run(args)


def _malformed(what: str) -> InvalidSpec:
    return InvalidSpec(
        "bad-request",
        f"A question to the helper cannot be read: {what}.",
        "Check that all of Glassworks is of the same version.",
    )
