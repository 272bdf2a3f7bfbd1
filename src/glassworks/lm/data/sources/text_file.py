"""One text file (UTF-8), as one document or cut into several.

In: a path. Out: documents named `<file name>` or `<file name>:<number>`. Unusual: planning notes the file's sha256 in
the settings, so that a changed file is imported again, and a file that changes in between is refused.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import Conflict, InvalidSpec
from glassworks.lm.data.documents import Document
from glassworks.lm.data.sources.base import Reading, Source
from glassworks.lm.text import read_bytes_hash, stream_text
from glassworks.specs.base import Config as BaseConfig

Cut = Literal["none", "paragraphs", "lines"]
SEPARATOR: dict[Cut, str] = {"paragraphs": "\n\n", "lines": "\n"}


class TextFile(Source):
    """A text file of your own."""

    class Config(BaseConfig):
        kind: Literal["text_file"] = Field(default="text_file", description="One text file.")
        path: str = Field(default="", description="The file, UTF-8.")
        cut: Cut = Field(
            default="none",
            description="What is one document: the whole file, each paragraph (divided by empty "
            "lines), or each line.",
        )
        fingerprint: str = Field(
            default="auto",
            description="sha256 of the file's bytes; `auto` is replaced when the run is planned.",
        )

    @classmethod
    def resolve(cls, config: Any) -> Any:
        path = absolute(config.path, "source.path")
        found = read_bytes_hash(path)
        return config.model_copy(update={"path": str(path), "fingerprint": found})

    @staticmethod
    def read(config: Any) -> Reading:
        path = absolute(config.path, "source.path")
        check_unchanged(config.fingerprint, read_bytes_hash(path), path)
        return Reading(_documents(path, config.cut))


def absolute(path: str, where: str) -> Path:
    """Raises InvalidSpec for an empty path."""
    if not path.strip():
        raise InvalidSpec(
            "path-missing", "No path was given.", f"Set {where} to a file or folder.", where
        )
    return Path(path).expanduser().absolute()


def check_unchanged(planned: str, found: str, path: Path) -> None:
    """Raises Conflict when what was planned is no longer what lies there."""
    if planned not in ("auto", found):
        raise Conflict(
            "input-changed",
            f"{path} has changed since this run was planned.",
            "Start the run again; it will be planned with what is there now.",
            str(path),
        )


def _documents(path: Path, cut: Cut) -> Iterator[Document]:
    name = path.name
    if cut == "none":
        yield Document(id=name, text="".join(stream_text(path)), source=name, group=name)
        return
    for number, text in enumerate(_pieces(path, SEPARATOR[cut]), start=1):
        id_ = f"{name}:{number}"
        yield Document(id=id_, text=text, source=name, group=id_)


def _pieces(path: Path, separator: str) -> Iterator[str]:
    """Non-empty pieces between separators, without them; of the file no more is held than a piece and a block."""
    held = ""
    for block in stream_text(path):
        *whole, held = (held + block).split(separator)
        yield from (piece.strip("\n") for piece in whole if piece.strip())
    if held.strip():
        yield held.strip("\n")
