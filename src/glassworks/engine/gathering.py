"""Several paths as one folder, for an import that reads one: `<home>/imports/<hash of the paths>/`.

In: files and folders. Out: one folder in which each stands under its own name. Files are hard links where that is possible, so it
takes no room; the folder stays, because a run that is gone on with reads it again. The same paths give the same folder, made anew.
"""

import contextlib
import os
import shutil
from pathlib import Path

from glassworks.common.errors import Forbidden, NotFound
from glassworks.common.hashing import hash_json
from glassworks.common.ids import new_run_id
from glassworks.storage.atomic import disk_errors


def gather(paths: list[Path], home: Path) -> Path:
    """The one path as it is, or the folder that holds them all. Raises NotFound, Forbidden, DiskFull."""
    whole = list(dict.fromkeys(path.absolute() for path in paths))
    for path in whole:
        if not path.exists():
            raise NotFound(
                "file-not-found", f"There is no file {path}.", "Check the path.", str(path)
            )
    if len(whole) == 1:
        return whole[0]
    folder = home / "imports" / hash_json([str(path) for path in whole])[:16]
    temporary = folder.with_name(f".{folder.name}.{new_run_id()}.tmp")
    try:
        with disk_errors(folder):
            temporary.mkdir(parents=True)
            for path, name in zip(whole, _names(whole), strict=True):
                _link(path, temporary / name)
            shutil.rmtree(folder, ignore_errors=True)
            temporary.rename(folder)
    except PermissionError as error:
        raise Forbidden(
            "file-not-readable",
            f"{error.filename} cannot be read by this user.",
            "Change its permissions, or copy it to a place that you may read.",
            str(error.filename),
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _names(paths: list[Path]) -> list[str]:
    """The last part of each; of two alike the later one gets a number."""
    names: list[str] = []
    for path in paths:
        name, number = path.name or "root", 1
        while name in names:
            number += 1
            name = f"{path.stem}-{number}{path.suffix}"
        names.append(name)
    return names


def _link(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link_file)
    else:
        _link_file(str(source), str(target))


def _link_file(source: str, target: str) -> None:
    with contextlib.suppress(OSError):
        os.link(source, target)
        return
    shutil.copyfile(source, target)
