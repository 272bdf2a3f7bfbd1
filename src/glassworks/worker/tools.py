"""The resident helper: questions about stages, configs, models and texts, answered over standard input and output.

One JSON object a line: `{"id", "op", "args"}` in, `{"id", "ok": true, "result"}` or `{"id", "ok": false, "error"}` out,
in the order of the questions. Each op is a file in `ops/`, imported when it is first asked for, so torch is loaded only
by what needs it. The helper ends when its input ends.

Unusual: standard output carries protocol lines only. Whatever a library prints goes to standard error.
"""

import json
import os
import sys
from collections.abc import Iterable
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


def answer_requests() -> int:
    """Answer until the input ends; returns the exit code."""
    with take_standard_output() as out:
        for answer in answers(sys.stdin):
            out.write(canonical_json(answer) + "\n")
            out.flush()
    return 0


def take_standard_output() -> TextIO:
    """Keep standard output for the protocol alone; everybody else who writes to it writes to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "w", encoding="utf-8")


def answers(lines: Iterable[str]) -> Iterable[dict[str, Any]]:
    """One answer per line that is not empty."""
    for line in lines:
        if line.strip():
            yield answer(line)


def answer(line: str) -> dict[str, Any]:
    """The answer to one request, whatever is in it."""
    request_id: Any = None
    try:
        request = _read(line)
        request_id = request.get("id")
        result = _run(request)
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


def _run(request: dict[str, Any]) -> dict[str, Any]:
    op = OPS.load(request["op"])
    try:
        args = op.Args.model_validate(request.get("args") or {})
    except ValidationError as error:
        raise invalid_spec(error, request["op"]) from error
    return op().run(args)


def _malformed(what: str) -> InvalidSpec:
    return InvalidSpec(
        "bad-request",
        f"A question to the helper cannot be read: {what}.",
        "Check that all of Glassworks is of the same version.",
    )
