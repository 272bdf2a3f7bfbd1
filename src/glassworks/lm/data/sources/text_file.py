"""One text file (UTF-8), as one document or cut into several.

In: a path. Out: documents named `<file name>` or `<file name>:<number>`. Unusual: planning notes the file's sha256 in
the settings, so that a changed file is imported again, and a file that changes in between is refused.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import Conflict, InvalidSpec
from glassworks.lm.data.cuts import Cut, cut_text
from glassworks.lm.data.documents import Document
from glassworks.lm.data.sources.base import Reading, Source
from glassworks.lm.text import read_bytes_hash, stream_text
from glassworks.specs.base import Config as BaseConfig

MIN_PASSAGES = 5
"""With fewer, hardly anything is left to learn from once some are held out."""


class TextFile(Source):
    """A text file of your own."""

    class Config(BaseConfig):
        kind: Literal["text_file"] = Field(default="text_file", description="One text file.")
        path: str = Field(default="", description="The file, UTF-8.")
        cut: Cut = Field(
            default="none",
            description="What is one document: the whole file, each paragraph (divided by empty "
            "lines), each line, or passages of some paragraphs.",
        )
        passage_characters: int = Field(
            default=2000,
            ge=100,
            le=1_000_000,
            description="Shortest passage; it ends at the next paragraph, line, sentence or word.",
        )
        fingerprint: str = Field(
            default="auto",
            description="sha256 of the file's bytes; `auto` is replaced when the run is planned.",
        )

    @classmethod
    def resolve(cls, config: Any) -> Any:
        path = absolute(config.path, "source.path")
        found = read_bytes_hash(path)
        if config.cut == "passages":
            min_characters = MIN_PASSAGES * config.passage_characters
            check_size(stream_text(path), path.name, min_characters, "source.path")
        return config.model_copy(update={"path": str(path), "fingerprint": found})

    @staticmethod
    def read(config: Any) -> Reading:
        path = absolute(config.path, "source.path")
        check_unchanged(config.fingerprint, read_bytes_hash(path), path)
        return Reading(_documents(path, config))


def absolute(path: str, where: str) -> Path:
    """Raises InvalidSpec for an empty path."""
    if not path.strip():
        raise InvalidSpec(
            "path-missing",
            "No path was given.",
            f"Name a file or folder, for instance: --set data.{where}=my.txt",
            where,
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


def check_size(pieces: Iterable[str], name: str, min_characters: int, where: str) -> None:
    """Raises InvalidSpec for a text of which too little would be left to learn from; takes no more pieces than it must."""
    num_characters = 0
    for text in pieces:
        num_characters += len(text)
        if num_characters >= min_characters:
            return
    raise InvalidSpec(
        "text-too-small",
        f"{name} has {num_characters:,} characters; to learn from a text takes {min_characters:,}.",
        "Take a longer text: from 200 kB on a model finds words, from 1 MB on phrases.",
        where,
    )


def _documents(path: Path, config: Any) -> Iterator[Document]:
    name = path.name
    texts = cut_text(stream_text(path), config.cut, config.passage_characters)
    for number, text in enumerate(texts, start=1):
        id_ = name if config.cut == "none" else f"{name}:{number}"
        yield Document(id=id_, text=text, source=name, group=id_)
