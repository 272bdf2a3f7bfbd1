"""Files of any kind that is read (text, Markdown, HTML, tables, chats, PDF, Word), a folder of them, or an archive.

In: a path and how to read what lies there. Out: documents in the order of their paths, named `<path>` or `<path>:<number>`,
where a member of an archive has the path `<archive>/<member>`. Rows of tables and chats are documents of their own; texts are
cut if that is wished. What belongs to one file stays together in a split, unless the file is the only one or holds rows.

Unusual: planning notes a fingerprint over all paths and contents; a file that changes in between is refused. A file that
cannot be read is refused with its name, or left out and told, as the setting says. In a folder what is no text by its kind
(pictures, programs) or empty is left out and told in either case; hidden files are passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import BadData
from glassworks.common.hashing import hash_json
from glassworks.lm.data.cuts import cut_text
from glassworks.lm.data.documents import Document
from glassworks.lm.data.reading_settings import ReadingSettings
from glassworks.lm.data.sources.base import LeftOut, Reading, Source
from glassworks.lm.data.sources.text_file import absolute, check_unchanged
from glassworks.lm.text import list_files, read_bytes_hash
from glassworks.lm.text.archives import is_archive, members
from glassworks.lm.text.formats import FORMATS, Extract, ReadOptions, format_of
from glassworks.specs.base import Config

MAX_NESTED = 3
"""Archives in archives, so deep."""
NO_TEXT = {"unknown-format", "empty-file"}
"""What is wrong with files of a folder that nobody expects text of."""


class _Chosen(Config):
    """Which files are read."""

    kind: Literal["files"] = Field(default="files", description="Files, a folder, an archive.")
    path: str = Field(default="", description="The file, folder or archive.")
    endings: tuple[str, ...] = Field(
        default=(), description="Only files whose names end so; empty: every kind that is read."
    )
    leave_out: tuple[str, ...] = Field(
        default=(), description="Paths inside the folder that are not read."
    )


class Files(Source):
    """Files of your own: text, Markdown, HTML, tables, chats, PDF, Word, a folder or an archive of these."""

    libraries = ("lxml", "pyarrow", "pypdf", "python-docx")

    class Config(ReadingSettings, _Chosen):
        max_bytes: int = Field(
            default=20 << 30,
            ge=1,
            description="Most that an archive may become; above, it is refused.",
        )
        fingerprint: str = Field(
            default="auto",
            description="sha256 over all paths and contents; `auto` is replaced when the run is planned.",
        )

    @classmethod
    def resolve(cls, config: Any) -> Any:
        path = absolute(config.path, "source.path")
        found = _fingerprint(path, chosen(path, config))
        return config.model_copy(update={"path": str(path), "fingerprint": found})

    @staticmethod
    def read(config: Any) -> Reading:
        path = absolute(config.path, "source.path")
        files = chosen(path, config)
        check_unchanged(config.fingerprint, _fingerprint(path, files), path)
        place = _Place(path, sum(file.stat().st_size for file in files))
        left_out: list[LeftOut] = []
        documents = _documents(files, config, place, left_out)
        return Reading(documents, left_out=left_out, position=lambda: (place.done, place.total))


@dataclass
class _Place:
    """Where the reading is, in bytes of the files as they lie there."""

    root: Path
    total: int
    done: int = 0

    def name(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix() if file != self.root else file.name


def chosen(path: Path, config: Any) -> list[Path]:
    """The files that are read, in order. Raises NotFound, Forbidden, BadData (none)."""
    if not path.is_dir():
        read_bytes_hash(path)  # raises what is wrong with the path
        return [path]
    files = [
        file
        for file in list_files(path, tuple(ending.lower() for ending in config.endings))
        if file.relative_to(path).as_posix() not in config.leave_out
    ]
    if not files:
        kinds = f" that ends in {' or '.join(config.endings)}" if config.endings else ""
        raise BadData(
            "empty-folder",
            f"{path} holds no file{kinds}.",
            "Choose another folder, or set source.endings.",
            str(path),
        )
    return files


def _fingerprint(path: Path, files: list[Path]) -> str:
    place = _Place(path, 0)
    return hash_json([(place.name(file), read_bytes_hash(file)) for file in files])


def _documents(
    files: list[Path], config: Any, place: _Place, left_out: list[LeftOut]
) -> Iterator[Document]:
    num_documents = 0
    is_alone = len(files) == 1
    for file in files:
        try:
            _refuse_way_out(file, place)
            for document in documents_of(file, place.name(file), config, is_alone):
                num_documents += 1
                yield document
        except BadData as error:
            told = named(error, file, place.name(file))
            if config.on_bad == "refuse" and (is_alone or error.code not in NO_TEXT):
                raise told if is_alone else _with_way_out(told) from error
            left_out.append(LeftOut(place.name(file), told.code, told.message))
        place.done += file.stat().st_size
    if num_documents == 0:
        raise BadData(
            "no-documents",
            f"Nothing in {place.root.name} could be read as text.",
            left_out[0].message if left_out else "Choose other files.",
            str(place.root),
        )


def _with_way_out(error: BadData) -> BadData:
    hint = (
        f"{error.hint} Or set source.on_bad to leave_out: such files are left out then, and told."
    )
    return BadData(error.code, error.message, hint, error.where)


def _refuse_way_out(file: Path, place: _Place) -> None:
    """A folder of somebody else's may hold a link to a file of yours. Raises BadData."""
    is_inside = file.resolve().is_relative_to(place.root.resolve())
    if file.is_symlink() and file != place.root and not is_inside:
        raise BadData(
            "link-out",
            f"{place.name(file)} is a link that leads out of the folder, to {file.resolve()}.",
            "Put the file itself in its place, or import the folder that it lies in.",
            place.name(file),
        )


def documents_of(
    file: Path, name: str, config: Any, is_alone: bool, depth: int = 0
) -> Iterator[Document]:
    """What is in one file, `name` being its path for people. Raises BadData."""
    if is_archive(file):
        if depth == MAX_NESTED:
            raise BadData(
                "archive-too-deep",
                f"{name} is an archive in {MAX_NESTED} archives.",
                "Unpack it first.",
                name,
            )
        for member in members(file, config.max_bytes):
            inner = f"{name}/{member.name}"
            if _is_wanted(member.name, config) and is_read(member.path, member.name):
                try:
                    yield from documents_of(member.path, inner, config, False, depth + 1)
                except BadData as error:
                    raise named(error, member.path, inner) from error
        return
    format_ = FORMATS.load(format_of(file, name))
    options = ReadOptions(config.mappings.get(name, config.mapping), config.pages)
    number = 0
    for extract in format_.read(file, options):
        for text in _texts(extract, format_.is_rows, config):
            number += 1
            is_whole = not extract.place and config.cut == "none"
            id_ = name if is_whole else f"{name}:{extract.name or number}"
            own = format_.is_rows or is_alone
            group = extract.group or (id_ if own else name)
            where = {"place": extract.place} if extract.place else {}
            yield Document(id_, text, name, group, {**extract.meta, **where})


def is_read(path: Path, name: str) -> bool:
    """Whether a file is of a kind that is read, or an archive."""
    try:
        return is_archive(path) or bool(format_of(path, name))
    except BadData:
        return False


def _texts(extract: Extract, is_rows: bool, config: Any) -> Iterator[str]:
    if is_rows:
        return iter((extract.text,))
    return cut_text([extract.text], config.cut, config.passage_characters)


def _is_wanted(name: str, config: Any) -> bool:
    parts = name.split("/")
    if any(part.startswith((".", "__MACOSX")) for part in parts):
        return False
    return not config.endings or Path(name).suffix.lower() in config.endings


def named(error: BadData, path: Path, name: str) -> BadData:
    """The same error about the file that a person knows, not about where it lies for now."""
    message = error.message.replace(str(path), name).replace(path.name, Path(name).name)
    if name not in message:
        message = f"{name}: {message}"
    return BadData(error.code, message, error.hint, name)
