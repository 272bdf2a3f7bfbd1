"""`/api/models` and `/api/playground`: what can write, and letting it write, also while something trains."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.features.playground import service
from glassworks.server.features.playground.repository import list_models
from glassworks.server.features.playground.schemas import (
    GenerateAsk,
    GenerateFrame,
    LeaseList,
    ModelList,
    NextView,
    PromptAsk,
    TokensAsk,
    TokensView,
    WarmAsk,
)
from glassworks.server.http.context import ContextDep, ProjectQuery, SessionDep

router = APIRouter()
RunQuery = Annotated[str, Query(description="The run of the training.", examples=["r4k7m2p9xq"])]


class LinesResponse(StreamingResponse):
    """One JSON object a line, sent as it comes."""

    media_type = "application/x-ndjson"


@router.get("/models", summary="List what can write")
def read_models(
    context: ContextDep, session: SessionDep, project: ProjectQuery = DEFAULT_PROJECT
) -> ModelList:
    """Models by version, saved checkpoints of runs, and the newest checkpoint of what is still training."""
    return ModelList(items=list_models(context, session, project))


@router.post(
    "/playground/generate",
    summary="Let a model write",
    response_class=LinesResponse,
    responses={200: {"model": GenerateFrame, "description": "One frame a line, as it is written."}},
)
async def generate(ask: GenerateAsk, request: Request, context: ContextDep) -> LinesResponse:
    """`started`, a `token` after the other, then `done` or `error`. Closing the connection cancels the writing."""
    begun = await run_in_threadpool(service.begin, context, ask, request.state.request_id)

    async def sent() -> AsyncIterator[str]:
        try:
            yield begun.first
            while (line := await run_in_threadpool(next, begun.more, None)) is not None:
                yield line
        finally:
            begun.more.close()

    return LinesResponse(sent(), headers={"Cache-Control": "no-store"})


@router.post("/playground/next", summary="See what could come next")
def show_next(ask: PromptAsk, context: ContextDep) -> NextView:
    """The model's logits for the next token, before temperature, cuts and penalties, which a page applies itself."""
    return service.next_token(context, ask)


@router.post("/playground/tokens", summary="Cut a text into tokens")
def cut_text(ask: TokensAsk, context: ContextDep) -> TokensView:
    """The tokens of a text, and how surprised the model is by each."""
    return service.cut_text(context, ask)


@router.post("/playground/warm", status_code=202, summary="Load a model ahead")
def warm_model(ask: WarmAsk, context: ContextDep) -> None:
    """Load a model in the background, so that the first answer comes at once."""
    service.warm(context, ask.ref, ask.project)


@router.get("/playground/leases", summary="List when models were asked beside a training")
def read_leases(context: ContextDep, run: RunQuery) -> LeaseList:
    """Times in which an answer took a thread from this training, in its steps. Kept while the server runs."""
    return LeaseList(items=service.leases_beside(context, run))
