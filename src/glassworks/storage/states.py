"""Resumable states of an attempt: `state/step-N/`, private, with a manifest written last.

A state without its manifest, or whose files do not match it, is not a state. A damaged newest one is renamed to
`step-N.damaged` and the one before is used.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import ValidationError

from glassworks.common.hashing import hash_file
from glassworks.specs.artifact import MANIFEST, FileSpec
from glassworks.specs.base import Spec
from glassworks.storage.artifacts import damage_of
from glassworks.storage.atomic import (
    disk_errors,
    publish_folder,
    read_json,
    remove_folder,
    sync_file,
    write_json,
)


class StateManifest(Spec):
    """`manifest.json` of a state: its step, its files, and the checkpoint artifact that was published with it."""

    format: int = 1
    step: int
    files: tuple[FileSpec, ...]
    artifact: str | None = None


def write_state(
    state_dir: Path,
    step: int,
    write: Callable[[Path], None],
    publish: Callable[[Path], str | None],
) -> StateManifest:
    """Save one state atomically; `publish(folder)` runs between the files and the manifest. Raises DiskFull."""
    final = state_dir / f"step-{step}"
    temporary = state_dir / f".step-{step}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    with disk_errors(state_dir):
        try:
            temporary.mkdir(parents=True)
            write(temporary)
            files = tuple(_seal(path, temporary) for path in _files(temporary))
            manifest = StateManifest(step=step, files=files, artifact=publish(temporary))
            write_json(temporary / MANIFEST, manifest.to_json())
            if final.exists():
                remove_folder(final)
            publish_folder(temporary, final)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return manifest


def prune_states(state_dir: Path, keep: int) -> None:
    """Delete all but the newest `keep` states (at least one stays)."""
    for step in steps(state_dir)[: -max(keep, 1)]:
        remove_folder(state_dir / f"step-{step}")


def leftovers(state_dir: Path) -> Iterator[Path]:
    """What writers that died left half-written or half-deleted."""
    yield from state_dir.glob(".step-*.tmp")
    yield from state_dir.glob(".step-*.doomed")


def steps(state_dir: Path) -> list[int]:
    """Steps of the states that lie there, ascending; nothing is verified."""
    names = (path.name.removeprefix("step-") for path in state_dir.glob("step-*"))
    return sorted(int(name) for name in names if name.isdecimal())


def read_state_manifest(folder: Path) -> StateManifest:
    """Raises ValueError or OSError when there is none that can be read."""
    return StateManifest.model_validate(read_json(folder / MANIFEST))


def damage(folder: Path) -> str:
    """What is wrong with a state, in words; empty when it is sound."""
    try:
        manifest = read_state_manifest(folder)
    except FileNotFoundError:
        return "its manifest is missing"
    except (ValueError, ValidationError, OSError):
        return "its manifest cannot be read"
    problems = (damage_of(folder / file.path, file) for file in manifest.files)
    return next(filter(None, problems), "")


def set_aside(folder: Path) -> Path:
    """Rename a damaged state so that it is never taken for a sound one."""
    target = folder.with_name(f"{folder.name}.damaged")
    shutil.rmtree(target, ignore_errors=True)
    folder.rename(target)
    return target


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _seal(path: Path, folder: Path) -> FileSpec:
    sync_file(path)
    return FileSpec(
        path=path.relative_to(folder).as_posix(),
        size_bytes=path.stat().st_size,
        sha256=hash_file(path),
    )
