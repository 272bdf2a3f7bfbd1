"""`/api/uploads`: create, send the bytes from an offset as often as it takes, complete. Ask for the offset after a break."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.requests import ClientDisconnect

from glassworks.server.features.uploads import service
from glassworks.server.features.uploads.schemas import (
    ExpectedFiles,
    UploadComplete,
    UploadCreate,
    UploadFolderCreate,
    UploadFolderDetail,
    UploadFolderView,
    UploadList,
    UploadView,
)
from glassworks.server.http.context import ContextDep
from glassworks.server.http.once import KeyHeader, once

uploads = APIRouter(prefix="/uploads")
folder_uploads = APIRouter(prefix="/upload-folders")
OffsetHeader = Annotated[
    int, Header(alias="Upload-Offset", ge=0, description="Where these bytes begin.", examples=[0])
]
NameQuery = Annotated[
    str | None, Query(description="The path of one file in the folder.", examples=["logs/2023.txt"])
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


@uploads.get("", summary="List uploads")
def read_uploads(context: ContextDep) -> UploadList:
    """Open and complete uploads."""
    return UploadList(items=service.list_uploads(context))


@uploads.post("", status_code=201, summary="Begin an upload")
def create_upload(body: UploadCreate, context: ContextDep, key: KeyHeader = None) -> UploadView:
    """Announce a text file; its bytes follow."""
    return once(context, key, body, UploadView, lambda: service.create(context, body))


@uploads.get("/{upload}", summary="Look at an upload")
def read_upload(upload: str, context: ContextDep) -> UploadView:
    """How far it got, and what is in it once it is complete."""
    return service.view(service.find(context, upload))


@uploads.head("/{upload}", summary="Ask for the offset", responses=OFFSETS)
def read_offset(upload: str, context: ContextDep) -> Response:
    """How far it got, in headers."""
    staged = service.find(context, upload)
    return Response(headers=_headers(service.view(staged)))


@uploads.put("/{upload}", summary="Send bytes", openapi_extra=BYTES)
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


@uploads.post("/{upload}/complete", summary="Complete an upload")
def complete_upload(upload: str, body: UploadComplete, context: ContextDep) -> UploadView:
    """Check hash and text; from here on a run can learn from it."""
    return service.complete(context, upload, body)


@uploads.delete("/{upload}", status_code=204, summary="Delete an upload")
def delete_upload(upload: str, context: ContextDep) -> None:
    """Remove what has arrived."""
    service.remove(context, upload)


def _headers(view: UploadView) -> dict[str, str]:
    return {"Upload-Offset": str(view.offset), "Upload-Length": str(view.size_bytes)}


@folder_uploads.post("", status_code=201, summary="Begin a folder")
def create_folder(
    body: UploadFolderCreate, context: ContextDep, key: KeyHeader = None
) -> UploadFolderView:
    """Announce files of any kind that belong together; each is then an upload with this `folder`."""
    return once(context, key, body, UploadFolderView, lambda: service.create_folder(context, body))


@folder_uploads.get("/{folder}", summary="Look at a folder")
def read_folder(folder: str, context: ContextDep) -> UploadFolderDetail:
    """Its files, and how far they are."""
    return service.folder_detail(context, folder)


@folder_uploads.post("/{folder}/expected", status_code=204, summary="Announce a folder's files")
def expect_files(folder: str, body: ExpectedFiles, context: ContextDep) -> None:
    """What is going to be sent; a folder is not complete before it has arrived. Further calls add to it."""
    service.expect(context, folder, body)


@folder_uploads.delete("/{folder}/expected", summary="Leave out files of a folder")
def leave_out_files(folder: str, context: ContextDep, name: NameQuery = None) -> UploadFolderDetail:
    """One file, whether it has arrived or not; without `name` all that has not arrived whole."""
    return service.leave_out(context, folder, name)


@folder_uploads.post("/{folder}/complete", summary="Complete a folder")
def complete_folder(folder: str, context: ContextDep) -> UploadFolderView:
    """Once each file is complete; from here on a run can import it. A second call does nothing more."""
    return service.complete_folder(context, folder)


@folder_uploads.delete("/{folder}", status_code=204, summary="Delete a folder")
def delete_folder(folder: str, context: ContextDep) -> None:
    """With all its files."""
    service.remove_folder(context, folder)


router = APIRouter()
router.include_router(uploads)
router.include_router(folder_uploads)
