"""What the upload calls do: admit, append, check, tidy up.

Limits: a size for each (`GLASSWORKS_MAX_UPLOAD_BYTES`, default 1 GB), room on the disk, eight open at once. What is text is
checked when a single file is complete; files of a folder may be of any kind, `folders.py` tells what is in them. An upload that is
over a week old is removed, unless a run was planned with it: whoever continues that run needs the file again.
"""

import secrets
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from glassworks.common.clock import utc_now
from glassworks.common.errors import BadData, GlassworksError, InvalidSpec, LimitReached
from glassworks.engine.closing import Closing
from glassworks.server.features.uploads import folders, staging
from glassworks.server.features.uploads.folders import check_room_in
from glassworks.server.features.uploads.names import safe_name, safe_path
from glassworks.server.features.uploads.schemas import (
    ExpectedFile,
    ExpectedFiles,
    TextPreview,
    UploadComplete,
    UploadCreate,
    UploadFolderCreate,
    UploadFolderDetail,
    UploadView,
)
from glassworks.server.features.uploads.staging import Staged, Writers, wrong_offset
from glassworks.server.http.context import Context
from glassworks.server.http.staging import COMPLETE, uploads_folder
from glassworks.storage.store import Store

MAX_OPEN = 8
CHUNK_BYTES = 4 << 20
SPARE_BYTES = 256 << 20
"""What has to stay free on the disk."""
KEPT = timedelta(days=7)
CHECK_LIMIT_S = 60.0
CHECKED_BYTES_PER_S = 10e6


class Uploads(Closing):
    """One a server: who writes what. The files themselves are the truth."""

    def __init__(self) -> None:
        self.writers = Writers()

    def close(self) -> None:
        """Nothing is held open."""


_CREATING = threading.Lock()


def create(context: Context, ask: UploadCreate) -> UploadView:
    """Begin an upload. Raises InvalidSpec (name, empty), NotFound (folder), LimitReached (size, disk, open ones)."""
    root = uploads_folder(context)
    name = safe_name(ask.name) if ask.folder is None else safe_path(ask.name)
    with _CREATING:
        if ask.folder is None:
            clean_up(root, context.workshop.store)
            _check_num_open(root)
        else:
            check_room_in(root, ask.folder)
        if ask.folder is None:
            _check_not_empty(name, ask.size_bytes)
        _check_size(name, ask.size_bytes, context.workshop.settings.max_upload_bytes)
        _check_room(root, ask.size_bytes)
        about = {
            "name": name,
            "size_bytes": ask.size_bytes,
            "state": "open",
            "sha256": None,
            "preview": None,
            "created_at": utc_now(),
            "folder": ask.folder,
        }
        return view(staging.create_staged(root, f"{ask.folder or ''}{secrets.token_hex(8)}", about))


async def append(context: Context, upload: str, offset: int, body: AsyncIterator[bytes]) -> Staged:
    """Append a body at `offset`, block by block as it arrives; of one that breaks off that is kept.

    Raises as `Writer.append` does, and starlette's ClientDisconnect.
    """
    staged = await run_in_threadpool(find, context, upload)
    writer = await run_in_threadpool(_writers(context).begin, staged, offset)
    async for block in body:
        await run_in_threadpool(writer.append, block)
    return staged


def complete(context: Context, upload: str, ask: UploadComplete) -> UploadView:
    """Check what arrived and keep it. A second call does nothing more.

    Raises Conflict (bytes are missing), InvalidSpec (another hash: it starts anew; no text: it is removed).
    """
    staged = find(context, upload)
    if staged.is_complete:
        return view(staged)
    if staged.offset != staged.size_bytes:
        raise wrong_offset(staged, staged.offset)
    _writers(context).stop(staged)
    found = staging.sha256_of(staged)
    if ask.sha256 is not None and ask.sha256.lower() != found:
        staging.truncate_staged(staged)
        raise InvalidSpec(
            "wrong-hash",
            f"{staged.about['name']} arrived damaged: its sha256 is not the one that was given.",
            "Send it again from byte 0.",
            "sha256",
        )
    preview = None if staged.about.get("folder") else _checked(context, staged).to_json()
    staged.change(state=COMPLETE, sha256=found, preview=preview)
    return view(staged)


def remove(context: Context, upload: str) -> None:
    """Remove an upload, whatever has arrived of it, or a folder with all its files. Raises NotFound."""
    staged = find(context, upload)
    root = uploads_folder(context)
    for one in (staged, *(staging.files_of(root, staged) if staged.is_folder else ())):
        _writers(context).stop(one)
    staging.remove_staged(staged)


def create_folder(context: Context, ask: UploadFolderCreate) -> UploadFolderDetail:
    """Raises InvalidSpec (name), DiskFull."""
    root = uploads_folder(context)
    clean_up(root, context.workshop.store)
    return folder_detail(context, folders.create(root, ask.name).id)


def expect(context: Context, folder: str, ask: ExpectedFiles) -> None:
    """Note files that are going to be sent. Raises as `folders.expect` does."""
    sizes = {one.name: one.size_bytes for one in ask.files}
    folders.expect(uploads_folder(context), folder, sizes)


def leave_out(context: Context, folder: str, name: str | None) -> UploadFolderDetail:
    """Remove one file, announced or arrived; without a name all that has not arrived whole. Raises NotFound, InvalidSpec."""
    root = uploads_folder(context)
    staged = folders.find(root, folder)
    path = safe_path(name) if name is not None else None
    for one in staging.files_of(root, staged):
        if one.about["name"] == path or (path is None and not one.is_complete):
            _writers(context).stop(one)
            staging.remove_staged(one)
    folders.forget(staged, None if path is None else {path})
    return folder_detail(context, folder)


def folder_detail(context: Context, folder: str) -> UploadFolderDetail:
    """Raises NotFound."""
    root = uploads_folder(context)
    staged = folders.find(root, folder)
    files = staging.files_of(root, staged)
    views = tuple(view(one) for one in files)
    missing = tuple(
        ExpectedFile(name=name, size_bytes=size)
        for name, size in sorted(folders.missing(staged, files).items())
    )
    return UploadFolderDetail(
        id=staged.id,
        name=staged.about["name"],
        state=staged.about["state"],
        num_files=len(views) + len(missing),
        num_open=sum(one.state == "open" for one in views) + len(missing),
        size_bytes=sum(one.size_bytes for one in views) + sum(one.size_bytes for one in missing),
        offset=sum(one.offset for one in views),
        created_at=staged.about["created_at"],
        files=views,
        missing=missing,
    )


def complete_folder(context: Context, folder: str) -> UploadFolderDetail:
    """Raises NotFound, Conflict (a file has not arrived whole, or there is none)."""
    root = uploads_folder(context)
    return folder_detail(context, folders.complete(root, folder).id)


def remove_folder(context: Context, folder: str) -> None:
    """Raises NotFound."""
    folders.find(uploads_folder(context), folder)
    remove(context, folder)


def find(context: Context, upload: str) -> Staged:
    """Raises NotFound."""
    return staging.find_staged(uploads_folder(context), upload)


def list_uploads(context: Context) -> tuple[UploadView, ...]:
    """Single files; those of folders are found with their folder."""
    return tuple(
        view(staged)
        for staged in staging.all_staged(uploads_folder(context))
        if not staged.is_folder
    )


def view(staged: Staged) -> UploadView:
    about = staged.about
    return UploadView(
        id=staged.id,
        name=about["name"],
        size_bytes=staged.size_bytes,
        offset=staged.offset,
        state=about["state"],
        sha256=about["sha256"],
        preview=about["preview"],
        chunk_bytes=CHUNK_BYTES,
        created_at=about["created_at"],
        folder=about.get("folder"),
    )


def clean_up(root: Path, store: Store) -> None:
    """Remove what is older than a week and no run was planned with; files of a folder stay as long as it does."""
    before = (datetime.now(UTC) - KEPT).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    old = [one for one in staging.all_staged(root) if str(one.about["created_at"]) < before]
    for staged in old:
        if not (staged.is_complete and _is_used(staged, store)):
            staging.remove_staged(staged)


def _is_used(staged: Staged, store: Store) -> bool:
    """Whether the order of any run names the file."""
    for run in store.runs.all_folders():
        try:
            if staged.id in run.spec_file.read_text(encoding="utf-8"):
                return True
        except OSError:
            continue
    return False


def _writers(context: Context) -> Writers:
    return context.keep(Uploads, Uploads()).writers


def _check_not_empty(name: str, size_bytes: int) -> None:
    """A folder may hold empty files: they are left out when it is read, and that is told."""
    if size_bytes == 0:
        raise InvalidSpec(
            "empty-file", f"{name} is empty.", "Choose a file with text in it.", "size_bytes"
        )


def _check_size(name: str, size_bytes: int, limit_bytes: int) -> None:
    if size_bytes > limit_bytes:
        raise LimitReached(
            "upload-too-large",
            f"{name} has {size_bytes:,} bytes; at most {limit_bytes:,} are taken.",
            "Send a part of it, or set GLASSWORKS_MAX_UPLOAD_BYTES and start the server again.",
            "size_bytes",
        )


def _check_num_open(root: Path) -> None:
    if len(_open_files(root)) >= MAX_OPEN:
        raise LimitReached(
            "too-many-uploads",
            f"{MAX_OPEN} uploads are open already.",
            "Complete or delete one of them first.",
        )


def _open_files(root: Path) -> list[Staged]:
    return [one for one in staging.all_staged(root) if not (one.is_complete or one.is_folder)]


def _check_room(root: Path, size_bytes: int) -> None:
    missing = sum(one.size_bytes - one.offset for one in _open_files(root))
    if staging.free_bytes(root) < size_bytes + missing + SPARE_BYTES:
        raise LimitReached(
            "no-room-for-upload",
            f"The disk has no room for {size_bytes:,} bytes more.",
            "Make room, for instance with `glassworks gc`.",
            str(root),
        )


def _checked(context: Context, staged: Staged) -> TextPreview:
    """What is in the text, told by the helper. What is no text is removed, for it will never be one."""
    limit_s = CHECK_LIMIT_S + staged.size_bytes / CHECKED_BYTES_PER_S
    try:
        found = context.workshop.tools.call("check_text", {"path": str(staged.file)}, limit_s)
    except (BadData, InvalidSpec) as error:
        staging.remove_staged(staged)
        raise _as_told(error, staged) from error
    return TextPreview.model_validate(found)


def _as_told(error: GlassworksError, staged: Staged) -> InvalidSpec:
    """The same error about the file that a person knows, not about where it was put."""
    path, name = str(staged.file), str(staged.about["name"])
    message, where = error.message.replace(path, name), error.where.replace(path, name)
    return InvalidSpec(error.code, message, error.hint, where)
