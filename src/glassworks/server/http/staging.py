"""Staged uploads: where a completed upload lies, for the slices that hand it on. The slice `uploads` writes there."""

from pathlib import Path

from glassworks.common.errors import NotFound
from glassworks.server.http.context import Context
from glassworks.storage.atomic import read_json

COMPLETE = "complete"


def uploads_folder(context: Context) -> Path:
    """`<home>/uploads`: one folder an upload, with `upload.json` and the file."""
    return context.workshop.settings.home / "uploads"


def staged_upload(context: Context, upload: str) -> str:
    """The file of a completed upload. Raises NotFound for one that does not exist or is not complete."""
    root = uploads_folder(context)
    folder = root / upload
    if upload.isalnum() and (folder / "upload.json").is_file():
        spec = read_json(folder / "upload.json")
        if spec.get("state") == COMPLETE:
            return str(folder / spec["file"])
    raise NotFound(
        "upload-not-found",
        f"There is no completed upload {upload!r}.",
        "Complete the upload first, or upload the file again.",
        "upload",
    )
