"""Folders of uploads: many files of any kind that are imported together.

A folder is complete when each of its files is. What is in them is told by the helper (`inspect_source`), before anybody imports.
"""

import secrets
from pathlib import Path

from glassworks.common.clock import utc_now
from glassworks.common.errors import Conflict, LimitReached, NotFound
from glassworks.server.features.uploads import staging
from glassworks.server.features.uploads.names import safe_name
from glassworks.server.features.uploads.staging import Staged
from glassworks.server.http.staging import COMPLETE

MAX_FILES = 100_000
"""More would not fit into a list that a person looks at; an archive holds any number."""


def create(root: Path, name: str) -> Staged:
    """An empty folder. Raises InvalidSpec (name), DiskFull."""
    about = {"name": safe_name(name), "state": "open", "created_at": utc_now()}
    return staging.create_folder(root, secrets.token_hex(8), about)


def find(root: Path, folder: str) -> Staged:
    """Raises NotFound, also for an upload that is a single file."""
    staged = staging.find_staged(root, folder)
    if not staged.is_folder:
        raise NotFound(
            "upload-not-found",
            f"The upload {folder!r} is a single file, no folder.",
            "Create a folder first.",
            "folder",
        )
    return staged


def check_room_in(root: Path, folder: str) -> None:
    """Whether a file may be added. Raises NotFound, Conflict (it is complete), LimitReached (too many files)."""
    staged = find(root, folder)
    if staged.is_complete:
        raise Conflict(
            "folder-complete",
            f"The folder {staged.about['name']} is complete.",
            "Put further files into a new folder.",
            "folder",
        )
    if staging.num_files_of(staged) >= MAX_FILES:
        raise LimitReached(
            "too-many-files",
            f"A folder takes {MAX_FILES:,} files.",
            "Send them as one archive (zip or tar).",
            "folder",
        )


def complete(root: Path, folder: str) -> Staged:
    """From here on a run can import it. Raises NotFound, Conflict (nothing in it, or a file has not arrived whole)."""
    staged = find(root, folder)
    files = staging.files_of(root, staged)
    waiting = [one for one in files if not one.is_complete]
    if waiting or not files:
        told = (
            f"{waiting[0].about['name']} has not arrived whole" if waiting else "it holds no file"
        )
        raise Conflict(
            "folder-not-complete",
            f"The folder {staged.about['name']} is not complete: {told}.",
            "Send the rest, or delete that file.",
            "folder",
        )
    staged.change(state=COMPLETE)
    return staged
