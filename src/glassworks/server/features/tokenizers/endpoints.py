"""`/api/tokenizers`: which there are, what they do to a text, what is in them, and what would be in larger ones."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, Response

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.features.tokenizers import asks, examples, files, schemas, service
from glassworks.server.http.context import ContextDep, ProjectQuery
from glassworks.server.http.paging import AfterQuery, LimitQuery

router = APIRouter(prefix="/tokenizers")
RefQuery = Annotated[
    str,
    Query(
        min_length=1,
        max_length=200,
        description="A tokenizer, a model, an artifact's id, or `known:<name>`; never a path.",
        examples=[examples.REF],
    ),
]
Sort = Literal["id", "longest", "most_used", "rarest", "never_used", "nested", "only_inside"]


@router.get("", summary="List the tokenizers")
def list_tokenizers(
    context: ContextDep, project: ProjectQuery = DEFAULT_PROJECT
) -> schemas.TokenizerList:
    """Those of the project, those that its models speak through, and the known ones, also where they are not installed."""
    return service.rows(context, project)


@router.get("/about", summary="Show a tokenizer")
def get_tokenizer(
    ref: RefQuery, context: ContextDep, project: ProjectQuery = DEFAULT_PROJECT
) -> schemas.TokenizerAbout:
    """Kind and size, its special tokens by role, what it loses, and the dataset that it was learned from."""
    return service.about(context, ref, project)


@router.post("/encode", summary="Encode a text")
def encode_text(ask: asks.EncodeAsk, context: ContextDep) -> schemas.EncodedView:
    """The tokens of a text, each with its bytes and its place in the text."""
    return service.encode(context, ask)


@router.post("/decode", summary="Decode token ids")
def decode_ids(ask: asks.DecodeAsk, context: ContextDep) -> schemas.DecodedView:
    """The text of some ids, and its exact bytes."""
    return service.decode(context, ask)


@router.post("/trace", summary="Show every merge of a text")
def trace_text(ask: asks.TraceAsk, context: ContextDep) -> schemas.TraceView:
    """Its words, then merge after merge in the order in which they were learned; 5,000 characters at most."""
    return service.trace(context, ask)


@router.post("/compare", summary="Compare tokenizers")
def compare_tokenizers(ask: asks.CompareAsk, context: ContextDep) -> schemas.ComparisonView:
    """Tokens and bytes per token on the same texts, by script and kind, with intervals from five texts on."""
    return service.compare(context, ask)


@router.get("/vocabulary", summary="Leaf through a vocabulary")
def list_vocabulary(
    ref: RefQuery,
    context: ContextDep,
    project: ProjectQuery = DEFAULT_PROJECT,
    sort: Annotated[
        Sort, Query(description="The order. Those by use need a dataset.", examples=["longest"])
    ] = "id",
    q: Annotated[
        str, Query(max_length=200, description="Only tokens with this text.", examples=["the"])
    ] = "",
    dataset: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=200,
            description="The dataset in which uses are counted.",
            examples=[examples.DATASET],
        ),
    ] = None,
    limit: LimitQuery = 50,
    after: AfterQuery = None,
) -> schemas.VocabularyPage:
    """Tokens in an order: the longest, the rarest, those never used, those inside many others."""
    ask = asks.TokenizerAsk(ref=ref, project=project)
    asked = {"order": sort, "contains": q, "limit": limit}
    return service.vocabulary(context, ask, dataset, asked, after)


@router.post("/what-if", summary="Try smaller vocabularies")
def try_sizes(ask: asks.WhatIfAsk, context: ContextDep) -> schemas.WhatIfView:
    """What a vocabulary of each size would save in tokens and cost in parameters. Nothing is trained."""
    return service.what_if(context, ask)


@router.post("/chat", summary="Write a conversation with a template")
def render_chat(ask: asks.ChatAsk, context: ContextDep) -> schemas.ChatView:
    """The conversation as text and tokens, and which of them a model learns to write."""
    return service.chat(context, ask)


@router.get(
    "/file",
    summary="Download a tokenizer",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {"application/json": {}, "application/zip": {}},
        }
    },
)
def download_tokenizer(
    ref: RefQuery,
    context: ContextDep,
    project: ProjectQuery = DEFAULT_PROJECT,
    file_format: Annotated[
        Literal["json", "zip"],
        Query(alias="format", description="`zip`: roles and chat template too.", examples=["json"]),
    ] = "json",
) -> Response:
    """`tokenizer.json` in the standard format, or all files of the tokenizer as a zip."""
    store = context.workshop.store
    if file_format == "zip":
        data, name = files.tokenizer_zip(store, ref, project)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(data, media_type="application/zip", headers=headers)
    file, name = files.tokenizer_file(store, ref, project)
    return FileResponse(file, media_type="application/json", filename=name)
