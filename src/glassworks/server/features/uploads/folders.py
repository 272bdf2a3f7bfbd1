"""Folders of uploads: many files of any kind that are imported together.

A folder is complete when each of its files is, and each that was announced is one of them. What is in them is told by the helper
(`inspect_source`), before anybody imports.
"""

import secrets
import threading
from collections.abc import Mapping
from pathlib import Path

from glassworks.common.clock import utc_now
from glassworks.common.errors import Conflict, LimitReached, NotFound
from glassworks.server.features.uploads import staging
from glassworks.server.features.uploads.names import safe_name, safe_path
from glassworks.server.features.uploads.staging import Staged
from glassworks.server.http.staging import COMPLETE
from glassworks.storage.atomic import disk_errors, read_json, write_json

EXPECTED = "expected.json"
MAX_FILES = 100_000
"""More would not fit into a list that a person looks at; an archive holds any number."""

_EXPECTING = threading.Lock()


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
    _check_num_files(1 + staging.num_files_of(_find_open(root, folder)))


def expect(root: Path, folder: str, sizes: Mapping[str, int]) -> Staged:
    """Note files that are going to be sent, each with its bytes, so that a folder that breaks off knows what it lacks.

    Raises NotFound, Conflict (it is complete), InvalidSpec (a path), LimitReached (too many files).
    """
    staged = _find_open(root, folder)
    with _EXPECTING:
        noted = expected(staged) | {safe_path(name): size for name, size in sizes.items()}
        _check_num_files(len(noted))
        _note(staged, noted)
    return staged


def forget(staged: Staged, names: set[str] | None) -> None:
    """Files that are not going to be sent after all; with `None`, each that was announced."""
    with _EXPECTING:
        noted = expected(staged)
        _note(staged, {name: noted[name] for name in noted if names and name not in names})


def expected(staged: Staged) -> dict[str, int]:
    """What was announced: bytes by path, also of what has arrived meanwhile."""
    try:
        return {str(name): int(size) for name, size in read_json(staged.folder / EXPECTED).items()}
    except FileNotFoundError:
        return {}


def missing(staged: Staged, files: list[Staged]) -> dict[str, int]:
    """Of what was announced that of which nothing has arrived: bytes by path."""
    here = {str(one.about["name"]) for one in files}
    return {name: size for name, size in expected(staged).items() if name not in here}


def complete(root: Path, folder: str) -> Staged:
    """From here on a run can import it. Raises NotFound, Conflict (nothing in it, or a file has not arrived whole)."""
    staged = find(root, folder)
    files = staging.files_of(root, staged)
    waiting = [str(one.about["name"]) for one in files if not one.is_complete]
    waiting += missing(staged, files)
    if waiting or not files:
        told = f"{waiting[0]} has not arrived whole" if waiting else "it holds no file"
        raise Conflict(
            "folder-not-complete",
            f"The folder {staged.about['name']} is not complete: {told}.",
            "Send the rest, or leave it out: `DELETE /api/upload-folders/{folder}/expected`.",
            "folder",
        )
    staged.change(state=COMPLETE)
    return staged


def _find_open(root: Path, folder: str) -> Staged:
    staged = find(root, folder)
    if staged.is_complete:
        raise Conflict(
            "folder-complete",
            f"The folder {staged.about['name']} is complete.",
            "Put further files into a new folder.",
            "folder",
        )
    return staged


def _check_num_files(number: int) -> None:
    if number > MAX_FILES:
        raise LimitReached(
            "too-many-files",
            f"A folder takes {MAX_FILES:,} files.",
            "Send them as one archive (zip or tar).",
            "folder",
        )


def _note(staged: Staged, sizes: dict[str, int]) -> None:
    with disk_errors(staged.folder):
        write_json(staged.folder / EXPECTED, sizes)
