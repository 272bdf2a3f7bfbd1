"""Staged uploads: where a completed upload lies, for the slices that hand it on. The slice `uploads` writes there."""

from pathlib import Path

from glassworks.common.errors import NotFound
from glassworks.server.http.context import Context
from glassworks.storage.atomic import read_json

COMPLETE = "complete"


def uploads_folder(context: Context) -> Path:
    """`<home>/uploads`: one folder an upload, with `upload.json` and the file."""
    return context.workshop.settings.home / "uploads"


def staged_upload(context: Context, upload: str, may_be_open_folder: bool = False) -> str:
    """The file of a completed upload. Raises NotFound for one that does not exist or is not complete.

    Into a folder one may look while its files arrive, if that is wished.
    """
    root = uploads_folder(context)
    folder = root / upload
    if upload.isalnum() and (folder / "upload.json").is_file():
        spec = read_json(folder / "upload.json")
        is_open_folder = may_be_open_folder and bool(spec.get("is_folder"))
        if spec.get("state") == COMPLETE or is_open_folder:
            return str(folder / spec["file"])
    raise NotFound(
        "upload-not-found",
        f"There is no completed upload {upload!r}.",
        "Complete the upload first, or upload the file again.",
        "upload",
    )
