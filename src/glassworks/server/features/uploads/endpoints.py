"""`/api/uploads`: create, send the bytes from an offset as often as it takes, complete. Ask for the offset after a break."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from starlette.requests import ClientDisconnect

from glassworks.server.features.uploads import service
from glassworks.server.features.uploads.schemas import (
    UploadComplete,
    UploadCreate,
    UploadList,
    UploadView,
)
from glassworks.server.http.context import ContextDep
from glassworks.server.http.once import KeyHeader, once

router = APIRouter(prefix="/uploads")
OffsetHeader = Annotated[
    int, Header(alias="Upload-Offset", ge=0, description="Where these bytes begin.", examples=[0])
]
BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
OFFSETS: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "Upload-Offset": {"schema": {"type": "integer"}},
            "Upload-Length": {"schema": {"type": "integer"}},
        }
    }
}


@router.get("", summary="List uploads")
def read_uploads(context: ContextDep) -> UploadList:
    """Open and complete uploads."""
    return UploadList(items=service.list_uploads(context))


@router.post("", status_code=201, summary="Begin an upload")
def create_upload(body: UploadCreate, context: ContextDep, key: KeyHeader = None) -> UploadView:
    """Announce a text file; its bytes follow."""
    return once(context, key, body, UploadView, lambda: service.create(context, body))


@router.get("/{upload}", summary="Look at an upload")
def read_upload(upload: str, context: ContextDep) -> UploadView:
    """How far it got, and what is in it once it is complete."""
    return service.view(service.find(context, upload))


@router.head("/{upload}", summary="Ask for the offset", responses=OFFSETS)
def read_offset(upload: str, context: ContextDep) -> Response:
    """How far it got, in headers."""
    staged = service.find(context, upload)
    return Response(headers=_headers(service.view(staged)))


@router.put("/{upload}", summary="Send bytes", openapi_extra=BYTES)
async def append_bytes(
    upload: str, request: Request, response: Response, context: ContextDep, offset: OffsetHeader
) -> UploadView:
    """Append the body at `Upload-Offset`, which has to be where the upload ends. What arrives of a broken body is kept."""
    try:
        staged = await service.append(context, upload, offset, request.stream())
    except ClientDisconnect:
        staged = service.find(context, upload)  # nobody will read this answer
    view = service.view(staged)
    response.headers.update(_headers(view))
    return view


@router.post("/{upload}/complete", summary="Complete an upload")
def complete_upload(upload: str, body: UploadComplete, context: ContextDep) -> UploadView:
    """Check hash and text; from here on a run can learn from it."""
    return service.complete(context, upload, body)


@router.delete("/{upload}", status_code=204, summary="Delete an upload")
def delete_upload(upload: str, context: ContextDep) -> None:
    """Remove what has arrived."""
    service.remove(context, upload)


def _headers(view: UploadView) -> dict[str, str]:
    return {"Upload-Offset": str(view.offset), "Upload-Length": str(view.size_bytes)}
