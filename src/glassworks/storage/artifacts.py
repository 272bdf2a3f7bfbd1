"""The artifact store: immutable folders under `artifacts/<2 digits>/<id>/`.

Writing order: temporary folder -> files -> fsync -> manifest -> fsync -> rename -> fsync of the parent. A folder with
its final name is complete; temporary ones are leftovers that `gc` removes.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from glassworks.common.errors import BadData, InvalidSpec, NotFound
from glassworks.common.hashing import hash_file
from glassworks.common.ids import is_artifact_id, new_run_id
from glassworks.specs.artifact import MANIFEST, ArtifactKind, FileSpec, ManifestSpec, artifact_id
from glassworks.storage.atomic import (
    disk_errors,
    publish_folder,
    read_json,
    remove_folder,
    sync_file,
    write_json,
)


class ArtifactStore:
    """All artifacts below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, artifact: str) -> Path:
        """Where an artifact lies, or would lie. Raises InvalidSpec for what is no id."""
        if not is_artifact_id(artifact):
            raise InvalidSpec(
                "bad-artifact-id",
                f"{artifact!r} is not an artifact id.",
                "An id has 64 hex digits; `glassworks ls items` lists names.",
            )
        return self.root / artifact[:2] / artifact

    def path(self, artifact: str) -> Path:
        """The folder of an artifact. Raises NotFound when it is not in the store."""
        folder = self.folder(artifact)
        if not (folder / MANIFEST).exists():
            raise NotFound(
                "artifact-missing",
                f"Artifact {artifact[:12]} is not in the store.",
                "It may have been deleted; run the recipe again to make it anew.",
                str(folder),
            )
        return folder

    def has(self, artifact: str) -> bool:
        return (self.folder(artifact) / MANIFEST).exists()

    def manifest(self, artifact: str) -> ManifestSpec:
        """Raises NotFound, or BadData when the manifest cannot be read."""
        path = self.path(artifact) / MANIFEST
        try:
            return ManifestSpec.model_validate(read_json(path))
        except (ValueError, ValidationError) as error:
            raise BadData(
                "artifact-damaged",
                f"The manifest of artifact {artifact[:12]} cannot be read.",
                "Run `glassworks doctor --store`, which explains what is damaged.",
                str(path),
            ) from error

    def ids(self) -> Iterator[str]:
        """Every artifact in the store, in no particular order."""
        for folder in self.root.glob("??/*"):
            if is_artifact_id(folder.name):
                yield folder.name

    def publish(
        self,
        kind: ArtifactKind,
        files: dict[str, Path],
        summary: dict[str, Any],
    ) -> ManifestSpec:
        """Publish `files` (path in the artifact -> file) by hard link, or by copy across disks; returns its manifest.

        The same content published twice is one artifact. Raises InvalidSpec when there is no file, DiskFull.
        """
        if not files:
            raise InvalidSpec(
                "empty-artifact",
                f"A {kind} without files cannot be kept.",
                "This is a stage's fault.",
            )
        self.root.mkdir(parents=True, exist_ok=True)
        temporary = self.root / f".{new_run_id()}.tmp"
        try:
            with disk_errors(self.root):
                manifest = _fill(temporary, kind, files, summary)
                if self.folder(manifest.id).exists() and self.verify(manifest.id):
                    self.delete(manifest.id)  # damaged since: the new, sound one replaces it
                if not self.has(manifest.id):
                    publish_folder(temporary, self.folder(manifest.id))
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return self.manifest(manifest.id)

    def publish_folder(
        self, kind: ArtifactKind, folder: Path, summary: dict[str, Any]
    ) -> ManifestSpec:
        """Publish all files below `folder`; it stays as it is."""
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        return self.publish(kind, {p.relative_to(folder).as_posix(): p for p in found}, summary)

    def quick_damage(self, artifact: str) -> str:
        """What is wrong at a glance (missing or foreign files, wrong sizes), in words; empty when nothing is."""
        if not self.has(artifact):
            return f"artifact {artifact[:12]} is no longer in the store"
        try:
            files = self.manifest(artifact).files
        except BadData as error:
            return error.message
        folder = self.folder(artifact)
        problems = (_size_damage(folder / file.path, file) for file in files)
        for problem in filter(None, (*problems, *_foreign(folder, files))):
            return f"in artifact {artifact[:12]} {problem}"
        return ""

    def verify(self, artifact: str) -> list[str]:
        """Read every byte again; returns what is wrong, in words (empty: sound). Raises NotFound."""
        folder = self.folder(artifact)
        if folder.exists() and not self.has(artifact):
            return ["its manifest is missing"]
        try:
            manifest = self.manifest(artifact)
        except BadData as error:
            return [error.message]
        problems = [
            problem for file in manifest.files if (problem := damage_of(folder / file.path, file))
        ]
        problems += _foreign(folder, manifest.files)
        if not problems and artifact_id(manifest.kind, manifest.files) != artifact:
            problems.append("its manifest names other content than its folder")
        return problems

    def delete(self, artifact: str) -> None:
        if self.folder(artifact).exists():
            remove_folder(self.folder(artifact))

    def leftovers(self) -> Iterator[Path]:
        """Temporary folders of writers that died."""
        yield from self.root.glob(".*.tmp")
        yield from self.root.glob("??/.*.doomed")


def _fill(
    temporary: Path, kind: ArtifactKind, files: dict[str, Path], summary: dict[str, Any]
) -> ManifestSpec:
    specs = []
    for name, source in sorted(files.items()):
        target = temporary / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _link(source, target)
        specs.append(
            FileSpec(path=name, size_bytes=target.stat().st_size, sha256=hash_file(target))
        )
        target.chmod(0o444)
        sync_file(target)
    manifest = ManifestSpec(
        id=artifact_id(kind, tuple(specs)), kind=kind, files=tuple(specs), summary=summary
    )
    write_json(temporary / MANIFEST, manifest.to_json())
    return manifest


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _foreign(folder: Path, files: tuple[FileSpec, ...]) -> list[str]:
    """Files that are not the artifact's, in words: a reader that takes all files of a kind would take them too."""
    known = {MANIFEST, *(file.path for file in files)}
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return [f"{name} does not belong to it" for name in sorted(found) if name not in known]


def _size_damage(path: Path, file: FileSpec) -> str:
    if not path.exists():
        return f"{file.path} is missing"
    if path.stat().st_size != file.size_bytes:
        return f"{file.path} has {path.stat().st_size} bytes instead of {file.size_bytes}"
    return ""


def damage_of(path: Path, file: FileSpec) -> str:
    """What is wrong with one file's bytes, in words; empty when they are what they were."""
    if problem := _size_damage(path, file):
        return problem
    return (
        ""
        if hash_file(path) == file.sha256
        else f"{file.path} has other bytes than when it was made"
    )
