"""Text files, read with care.

In: a path. Out: text, in pieces or whole. A leading UTF-8 byte order mark is dropped and line ends become `\\n`; all
else is kept as it is. Unusual: the whole file is read in pieces of one megabyte, so it may be larger than memory.

    missing path           NotFound    file-not-found
    not allowed to read    Forbidden   file-not-readable
    a folder, not a file   InvalidSpec not-a-file
    nothing in it          BadData     empty-file
    a picture, a zip ...   BadData     binary-file
    not UTF-8              BadData     wrong-encoding (with the offset of the first bad byte)
"""

import codecs
import hashlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from glassworks.common.errors import BadData, Forbidden, InvalidSpec, NotFound

BLOCK_BYTES = 1 << 20
HEAD_BYTES = 4096
MAGIC = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive (or an office document)",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"\x7fELF": "a program",
    b"PAR1": "a parquet table",
    b"GGUF": "a GGUF model",
}
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path) -> str:
    """The whole text of a file. Errors: see the head of this module."""
    return "".join(stream_text(path))


def stream_text(path: Path) -> Iterator[str]:
    """The text of a file in pieces, in order; nothing is read ahead. Errors: see the head of this module."""
    with _open(path) as file:
        head = file.read(HEAD_BYTES)
        _refuse_binary(head, path)
        file.seek(len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0)
        yield from _with_plain_line_ends(_decode(file, path))


def read_bytes_hash(path: Path) -> str:
    """sha256 of a file's bytes (64 hex digits): what a recipe remembers of a file outside the store."""
    with _open(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """All files below `folder` with one of the suffixes (none: all), in the order of their relative paths.

    Hidden files and folders are left out, and so are links to folders: they may lead in circles. Raises NotFound, Forbidden, InvalidSpec (not a folder).
    """
    try:
        if not folder.exists():
            raise NotFound(
                "file-not-found", f"There is no folder {folder}.", "Check the path.", str(folder)
            )
        if not folder.is_dir():
            raise InvalidSpec(
                "not-a-folder",
                f"{folder} is not a folder.",
                "Use the source text_file.",
                str(folder),
            )
        found = [path for path in _walk(folder) if not suffixes or path.suffix.lower() in suffixes]
    except OSError as error:
        raise _forbidden(Path(error.filename or folder)) from error
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry)
        elif entry.is_file():
            yield entry


def _open(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(
            "file-not-found", f"There is no file {path}.", "Check the path.", str(path)
        ) from error
    except IsADirectoryError as error:
        raise InvalidSpec(
            "not-a-file", f"{path} is a folder, not a file.", "Use the source files.", str(path)
        ) from error
    except OSError as error:
        raise _forbidden(path) from error


def _forbidden(path: Path) -> Forbidden:
    return Forbidden(
        "file-not-readable",
        f"{path} cannot be read by this user.",
        "Change its permissions, or copy it to a place that you may read.",
        str(path),
    )


def refuse_empty(head: bytes, name: str) -> None:
    """Raises BadData when nothing is in the file that begins with `head`."""
    if not head:
        raise BadData("empty-file", f"{name} is empty.", "Choose a file with text in it.", name)


def _refuse_binary(head: bytes, path: Path) -> None:
    refuse_empty(head, str(path))
    if head.startswith(UTF16_MARKS):
        raise _wrong_encoding(path, 0, "It looks like UTF-16.")
    kind = next((name for magic, name in MAGIC.items() if head.startswith(magic)), None)
    if kind is not None:
        raise BadData(
            "binary-file", f"{path} is {kind}, not text.", "Save it as plain text.", str(path)
        )


def _decode(file: BufferedReader, path: Path) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    has_text = False
    while True:
        offset = file.tell() - len(decoder.getstate()[0])
        block = file.read(BLOCK_BYTES)
        if (nul := block.find(b"\0")) >= 0:
            raise BadData(
                "binary-file",
                f"{path} is not text: byte {file.tell() - len(block) + nul:,} is zero.",
                "Save it as plain text.",
                str(path),
            )
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise _wrong_encoding(path, offset + error.start) from error
        has_text = has_text or bool(text.strip())
        if text:
            yield text
        if not block:
            break
    if not has_text:
        raise BadData(
            "empty-file", f"{path} holds no text, only white space.", "Choose another.", str(path)
        )


def _wrong_encoding(path: Path, offset: int, guess: str = "") -> BadData:
    return BadData(
        "wrong-encoding",
        f"{path} is not UTF-8: byte {offset:,} does not fit. {guess}".strip(),
        "Save it as UTF-8, for instance: iconv -f LATIN1 -t UTF-8 old.txt > new.txt",
        f"{path}:byte {offset}",
    )


def _with_plain_line_ends(pieces: Iterator[str]) -> Iterator[str]:
    """`\\r\\n` and lone `\\r` become `\\n`, also where a pair lies across two pieces."""
    held = ""
    for piece in pieces:
        text = held + piece
        held = "\r" if text.endswith("\r") else ""
        text = text[: len(text) - len(held)]
        yield text.replace("\r\n", "\n").replace("\r", "\n")
    if held:
        yield "\n"
