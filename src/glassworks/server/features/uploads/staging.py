"""Staged files on disk: `<home>/uploads/<id>/upload.json` and `text/<name>`, the bytes that arrived.

A folder of files is an upload too: its files are uploads in `<home>/uploads/<id>/files/<id>`, whose bytes go to `text/` of the
folder. The id of such a file begins with that of its folder.

In: bytes at an offset. Out: a file whose length is the truth about how far an upload got, so it survives whatever ends the
server. Unusual: of two senders of one upload the newer one wins; the older one writes nothing more, so a connection that
hangs never keeps its sender from coming back.
"""

import contextlib
import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glassworks.common.errors import Conflict, LimitReached, NotFound
from glassworks.storage.atomic import disk_errors, read_json, remove_folder, sync_file, write_json

TEXT, FILES = "text", "files"
ID_LETTERS = 16


def place_of(root: Path, upload: str) -> Path:
    """The folder of an upload: `<id>`, or of a folder's file `<id of the folder>/files/<id>`."""
    if len(upload) > ID_LETTERS:
        return root / upload[:ID_LETTERS] / FILES / upload
    return root / upload


class WrongOffset(Conflict):
    """A conflict that tells the right offset in a header."""

    def __init__(self, told: Conflict, offset: int) -> None:
        super().__init__(told.code, told.message, told.hint, told.where)
        self.headers = {"Upload-Offset": str(offset)}


@dataclass
class Staged:
    """One upload on disk. `about` is `upload.json`: `{id, name, size_bytes, state, file, sha256, preview, created_at}`."""

    folder: Path
    about: dict[str, Any]

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def file(self) -> Path:
        """Where the bytes go: below its own folder, or below that of the folder upload it belongs to."""
        home = self.folder.parents[1] if self.about.get("folder") else self.folder
        return home / str(self.about["file"])

    @property
    def is_folder(self) -> bool:
        return bool(self.about.get("is_folder"))

    @property
    def size_bytes(self) -> int:
        return int(self.about["size_bytes"])

    @property
    def offset(self) -> int:
        try:
            return self.file.stat().st_size
        except OSError:
            return 0

    @property
    def is_complete(self) -> bool:
        return bool(self.about["state"] == "complete")

    def change(self, **fields: Any) -> None:
        """Write `upload.json` anew, whole or not at all."""
        self.about |= fields
        write_json(self.folder / "upload.json", self.about)


def create_staged(root: Path, upload: str, about: dict[str, Any]) -> Staged:
    """An empty staged file. Raises DiskFull, Conflict (its folder has a file of that name)."""
    staged = Staged(place_of(root, upload), {**about, "file": f"{TEXT}/{about['name']}"})
    with disk_errors(root):
        try:
            staged.file.parent.mkdir(parents=True, exist_ok=True)
            staged.file.touch(exist_ok=False)
        except (FileExistsError, NotADirectoryError) as error:
            raise Conflict(
                "file-exists",
                f"The folder already holds {about['name']}.",
                "Delete that file first, or give this one another name.",
                "name",
            ) from error
        staged.folder.mkdir(parents=True, exist_ok=True)
        staged.change()
    return staged


def create_folder(root: Path, upload: str, about: dict[str, Any]) -> Staged:
    """An empty folder. Raises DiskFull."""
    staged = Staged(root / upload, {**about, "file": TEXT, "is_folder": True, "size_bytes": 0})
    with disk_errors(root):
        staged.file.mkdir(parents=True)
        staged.change()
    return staged


def find_staged(root: Path, upload: str) -> Staged:
    """Raises NotFound."""
    folder = place_of(root, upload)
    if upload.isalnum() and (folder / "upload.json").is_file():
        with contextlib.suppress(ValueError, OSError):
            return Staged(folder, read_json(folder / "upload.json"))
    raise NotFound(
        "upload-not-found", f"There is no upload {upload!r}.", "Upload the file again.", "upload"
    )


def all_staged(root: Path) -> list[Staged]:
    """Every single file and every folder that can be read, the newest first; not the files of folders."""
    found = []
    for folder in root.glob("*/upload.json"):
        with contextlib.suppress(NotFound):
            found.append(find_staged(root, folder.parent.name))
    return sorted(found, key=lambda staged: str(staged.about.get("created_at")), reverse=True)


def files_of(root: Path, folder: Staged) -> list[Staged]:
    """The uploads that belong to a folder, by their paths."""
    found = []
    for place in (folder.folder / FILES).glob("*/upload.json"):
        with contextlib.suppress(NotFound):
            found.append(find_staged(root, place.parent.name))
    return sorted(found, key=lambda one: str(one.about["name"]))


def num_files_of(folder: Staged) -> int:
    """How many they are, without reading them."""
    try:
        return sum(1 for _ in (folder.folder / FILES).iterdir())
    except FileNotFoundError:
        return 0


def remove_staged(staged: Staged) -> None:
    """With everything that belongs to it."""
    if staged.about.get("folder"):
        staged.file.unlink(missing_ok=True)
    remove_folder(staged.folder)


def truncate_staged(staged: Staged) -> None:
    os.truncate(staged.file, 0)


def sha256_of(staged: Staged) -> str:
    """The hash of what arrived, which is on disk for good afterwards."""
    sync_file(staged.file)
    with staged.file.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def free_bytes(root: Path) -> int:
    root.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(root).free


@dataclass
class Writers:
    """Who writes which upload now; one a server."""

    _current: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _num: int = 0

    def begin(self, staged: Staged, offset: int) -> "Writer":
        """The right to append at `offset`, taken from whoever had it. Raises WrongOffset when that is not the end."""
        with self._lock:
            found = staged.offset
            if offset != found or staged.is_complete:
                raise wrong_offset(staged, found)
            self._num += 1
            self._current[staged.id] = self._num
            return Writer(self, staged, self._num)

    @contextlib.contextmanager
    def holding(self, staged: Staged, number: int) -> Iterator[None]:
        """The block runs only if `number` still has the right. Raises Conflict when another has taken it."""
        with self._lock:
            if self._current.get(staged.id) != number:
                raise Conflict(
                    "upload-taken-over",
                    f"The upload of {staged.about['name']} goes on over another connection.",
                    "Ask for its offset, and send on from there.",
                    staged.id,
                )
            yield

    def stop(self, staged: Staged) -> None:
        """Nobody has the right any more."""
        with self._lock:
            self._current.pop(staged.id, None)


@dataclass(frozen=True)
class Writer:
    """The right to append to one upload."""

    writers: Writers
    staged: Staged
    number: int

    def append(self, data: bytes) -> None:
        """Put bytes at the end. Raises Conflict (another sends now), LimitReached (more than was said), DiskFull."""
        with (
            self.writers.holding(self.staged, self.number),
            disk_errors(self.staged.folder),
            self.staged.file.open("ab", buffering=0) as file,
        ):
            room = self.staged.size_bytes - file.tell()
            rest = memoryview(data)[:room]
            while rest:
                rest = rest[file.write(rest) :]
        if len(data) > room:
            raise LimitReached(
                "upload-too-long",
                f"More bytes came than the {self.staged.size_bytes:,} that were announced.",
                "Start the upload anew; perhaps the file has changed meanwhile.",
                self.staged.id,
            )


def wrong_offset(staged: Staged, offset: int) -> WrongOffset:
    told = Conflict(
        "wrong-offset",
        f"The upload of {staged.about['name']} has arrived up to byte {offset:,}.",
        "Send on from the header Upload-Offset.",
        staged.id,
    )
    return WrongOffset(told, offset)
