"""Writing so that a crash at any moment leaves either the old thing or the new one, never half of it."""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glassworks.common.errors import DiskFull
from glassworks.common.ids import new_run_id

FULL = {28, 27, 122}  # ENOSPC, EFBIG, EDQUOT


@contextlib.contextmanager
def disk_errors(where: Path) -> Iterator[None]:
    """Turn "no room" of the operating system into DiskFull; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(where) from error
        raise


def disk_full(where: Path) -> DiskFull:
    return DiskFull(
        "disk-full",
        f"There is no room left to write below {where}.",
        "Free some space (`glassworks gc` removes what nothing uses), then resume the run.",
        str(where),
    )


def sync_folder(folder: Path) -> None:
    """Make renames and new names inside `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def write_json(path: Path, value: Any) -> None:
    """Write `value` as JSON to `path`: temporary file, fsync, rename, fsync of the folder."""
    temporary = path.with_name(f".{path.name}.{new_run_id()}.tmp")
    with disk_errors(path):
        try:
            with temporary.open("w", encoding="utf-8", errors="backslashreplace") as file:
                json.dump(value, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def publish_folder(temporary: Path, final: Path) -> None:
    """Rename a finished folder into place, durably. If `final` exists by now, it wins and `temporary` is removed."""
    final.parent.mkdir(parents=True, exist_ok=True)
    try:
        temporary.rename(final)
    except OSError:
        if not final.exists():
            raise
        shutil.rmtree(temporary)
    sync_folder(final.parent)


def remove_folder(folder: Path) -> None:
    """Remove a published folder so that a crash half-way leaves no half folder under its name."""
    doomed = folder.with_name(f".{folder.name}.{new_run_id()}.doomed")
    folder.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)
