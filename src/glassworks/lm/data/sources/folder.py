"""A folder of text files (UTF-8), one document a file, in the order of their paths.

In: a path and the endings to take. Out: documents named by their path inside the folder. Unusual: as with one file,
planning notes a fingerprint over all paths and contents.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import BadData
from glassworks.common.hashing import hash_json
from glassworks.lm.data.documents import Document
from glassworks.lm.data.sources.base import Reading, Source
from glassworks.lm.data.sources.text_file import absolute, check_unchanged
from glassworks.lm.text import list_files, read_bytes_hash, read_text
from glassworks.specs.base import Config as BaseConfig


class Folder(Source):
    """A folder of text files of your own."""

    class Config(BaseConfig):
        kind: Literal["folder"] = Field(default="folder", description="A folder of text files.")
        path: str = Field(default="", description="The folder.")
        endings: tuple[str, ...] = Field(
            default=(".txt", ".md"), description="Which files are read, by the end of their name."
        )
        fingerprint: str = Field(
            default="auto",
            description="sha256 over all paths and contents; `auto` is replaced when the run is planned.",
        )

    @classmethod
    def resolve(cls, config: Any) -> Any:
        path = absolute(config.path, "source.path")
        found = _fingerprint(path, _files(path, config.endings))
        return config.model_copy(update={"path": str(path), "fingerprint": found})

    @staticmethod
    def read(config: Any) -> Reading:
        path = absolute(config.path, "source.path")
        files = _files(path, config.endings)
        check_unchanged(config.fingerprint, _fingerprint(path, files), path)
        return Reading(_documents(path, files), len(files))


def _files(path: Path, endings: tuple[str, ...]) -> list[Path]:
    files = list_files(path, endings)
    if not files:
        raise BadData(
            "empty-folder",
            f"{path} holds no file that ends in {' or '.join(endings)}.",
            "Choose another folder, or set source.endings.",
            str(path),
        )
    return files


def _fingerprint(path: Path, files: list[Path]) -> str:
    return hash_json([(file.relative_to(path).as_posix(), read_bytes_hash(file)) for file in files])


def _documents(path: Path, files: list[Path]) -> Iterator[Document]:
    for file in files:
        name = file.relative_to(path).as_posix()
        yield Document(id=name, text=read_text(file), source=path.name, group=name)
