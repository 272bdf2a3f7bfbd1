"""Errors on the wire: `application/problem+json` (RFC 9457), one shape for everything that can go wrong."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ConfigDict
from starlette.exceptions import HTTPException

from glassworks.common.errors import GlassworksError, InvalidSpec, NotFound
from glassworks.common.logging import get_logger
from glassworks.specs.base import Spec
from glassworks.specs.wording import words_of

log = get_logger("server.http")


EXAMPLE: dict[str, Any] = {
    "type": "/docs/errors/run-not-found",
    "title": "There is no run 'r4k7m2p9xq'.",
    "detail": "The list of runs shows what there is.",
    "status": 404,
    "code": "run-not-found",
    "where": "",
    "request_id": "7swcae892",
}


class ProblemView(Spec):
    """`title`: what happened; `detail`: what to do; `where`: the field or place; `type`: the page of the code."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    type: str
    title: str
    detail: str
    status: int
    code: str
    where: str
    request_id: str


PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong, and what to do.",
        "model": ProblemView,
        "content": {"application/problem+json": {}},
    }
}


def problem_view(error: GlassworksError, request_id: str, status: int | None = None) -> ProblemView:
    """The error as it goes over the wire; `status` where routing knows better than the error's class."""
    return ProblemView(
        type=f"/docs/errors/{error.code}",
        title=error.message,
        detail=error.hint,
        status=status or error.status,
        code=error.code,
        where=error.where,
        request_id=request_id,
    )


def problem_response(
    error: GlassworksError, request_id: str, status: int | None = None
) -> JSONResponse:
    view = problem_view(error, request_id, status)
    return JSONResponse(
        view.to_json(),
        status_code=view.status,
        media_type="application/problem+json",
        headers=getattr(error, "headers", None),
    )


def install_problems(app: FastAPI) -> None:
    """Every error of our tree, of validation and of routing becomes a problem; anything else is a defect and says so."""

    def ours(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, GlassworksError)
        return problem_response(error, request.state.request_id)

    def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return problem_response(_invalid(error), request.state.request_id)

    def routing(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        problem = _routing(request, error)
        return problem_response(problem, request.state.request_id, error.status_code)

    def defect(request: Request, error: Exception) -> JSONResponse:
        where = (request.state.request_id, request.method, request.url.path)
        log.error("request %s failed: %s %s", *where, exc_info=error)
        return problem_response(_defect(), request.state.request_id)

    app.add_exception_handler(GlassworksError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, routing)
    app.add_exception_handler(Exception, defect)


def _invalid(error: RequestValidationError) -> InvalidSpec:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    more = len(error.errors()) - 1
    return InvalidSpec(
        "invalid-request",
        f"{where}: {words_of(first)}" + (f" (and {more} more)" if more else ""),
        "The interface is described at /api/docs.",
        where,
    )


def _routing(request: Request, error: HTTPException) -> GlassworksError:
    hint = "The interface is described at /api/docs."
    path = request.url.path
    if error.status_code == 405:
        message = f"{request.method} is not possible at {path}."
        return GlassworksError("method-not-allowed", message, hint)
    return NotFound("no-such-address", f"There is nothing at {path}.", hint)


def _defect() -> GlassworksError:
    return GlassworksError(
        "internal",
        "Something went wrong inside of Glassworks.",
        "Try again. The log in the home folder's `logs` says more under this request's id.",
    )
