"""Archives: zip, tar, and single gzip files, read member by member, never unpacked to where their names point.

In: a path and how much may come out of it. Out: members, one at a time, each as a file in a folder of ours, gone once the next
one is asked for. Unusual: nothing that an archive says about itself is believed: sizes are counted while bytes come out.

    a name with `..`, a link, a device       BadData unsafe-archive
    more bytes than may come out             BadData archive-too-large
    more members than may be                 BadData archive-too-large
    a password, damage                       BadData locked-archive, damaged-archive
"""

import gzip
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO

from glassworks.common.errors import BadData
from glassworks.lm.text import zip_directory

MAX_MEMBERS = 1_000_000
MAX_OFFICE_MEMBERS = 20_000
"""Parts of an office document; large ones have some hundred."""
MAX_RATIO = 200
"""Bytes that may come out for each that lies in the archive; text rarely gives 20."""
FREE_BYTES = 64 << 20
"""So much may come out whatever the ratio is."""
BLOCK_BYTES = 1 << 20
DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    OSError,
    NotImplementedError,
    UnicodeDecodeError,
    struct.error,
)


@dataclass(frozen=True)
class Member:
    """A file of an archive: its path in there, and where its bytes lie for now."""

    name: str
    path: Path


def is_archive(path: Path) -> bool:
    """Whether a file is an archive, by its first bytes; a Word document is none here."""
    with path.open("rb") as file:
        head = file.read(265)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return not is_office(path)
    return head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")) or head[257:262] == b"ustar"


def is_office(path: Path) -> bool:
    """Whether a zip is an office document."""
    try:
        with zip_directory.opened(path) as (entries, _):
            first = islice(entries, MAX_OFFICE_MEMBERS)
            return any(info.filename == "[Content_Types].xml" for info in first)
    except (zipfile.BadZipFile, OSError, ValueError, struct.error):
        return False


def members(path: Path, max_bytes: int) -> Iterator[Member]:
    """The files in an archive, in its order. Raises BadData, see the head of this module."""
    budget = _Budget(path, max_bytes)
    with tempfile.TemporaryDirectory(prefix="glassworks-member-") as folder:
        place = Path(folder) / "member"
        with _damage_of(path):
            for name, stream in _streams(path):
                budget.count_member()
                checked = _safe(name, path)
                here = place.with_suffix(PurePosixPath(checked).suffix)
                _copy(stream, here, budget)
                yield Member(checked, here)
                here.unlink(missing_ok=True)


def check_zip(path: Path, max_bytes: int) -> None:
    """Count what really comes out of an office document, keeping none of it. Raises BadData."""
    budget = _Budget(path, max_bytes, MAX_OFFICE_MEMBERS)
    with _damage_of(path), zip_directory.opened(path) as (entries, archive):
        for info in entries:
            budget.count_member()
            with archive.open(info) as stream:
                while block := stream.read(BLOCK_BYTES):
                    budget.count(len(block))


def _streams(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if zipfile.is_zipfile(path):
        yield from _zip_streams(path)
    elif tarfile.is_tarfile(path):
        yield from _tar_streams(path)
    else:
        with gzip.open(path) as stream:
            yield _single_name(path), stream  # type: ignore[misc]


def _zip_streams(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with zip_directory.opened(path) as (entries, archive):
        for info in entries:
            if info.flag_bits & 0x1:
                raise BadData(
                    "locked-archive", **_told(path, f"needs a password for {info.filename!r}")
                )
            if (info.external_attr >> 28) == 0xA:
                raise BadData("unsafe-archive", **_told(path, f"holds a link, {info.filename!r}"))
            if not info.is_dir():
                with archive.open(info) as stream:
                    yield info.filename, stream


def _tar_streams(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(path) as archive:
        for info in archive:
            if info.isdir():
                continue
            stream = archive.extractfile(info) if info.isfile() and not info.issparse() else None
            if stream is None:
                raise BadData(
                    "unsafe-archive", **_told(path, f"holds {info.name!r}, a link or a device")
                )
            yield info.name, stream
            archive.members.clear()  # type: ignore[attr-defined]  # it would remember each of a million


def _single_name(path: Path) -> str:
    return path.stem if path.suffix.lower() in (".gz", ".gzip") else f"{path.name}.txt"


def _safe(name: str, path: Path) -> str:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if (
        not parts
        or ".." in parts
        or name.startswith(("/", "\\"))
        or ":" in parts[0]
        or "\0" in name
    ):
        raise BadData(
            "unsafe-archive",
            **_told(path, f"holds a file whose name leads out of it, {name[:80]!r}"),
        )
    return "/".join(part for part in parts if part != ".")


def _copy(stream: IO[bytes], to: Path, budget: "_Budget") -> None:
    with to.open("wb") as file:
        while block := stream.read(BLOCK_BYTES):
            budget.count(len(block))
            file.write(block)


class _Budget:
    """Counts what comes out. Raises BadData when it is more than may be."""

    def __init__(self, path: Path, max_bytes: int, max_members: int | None = None) -> None:
        self._path = path
        self._max_members = MAX_MEMBERS if max_members is None else max_members
        self._left = min(max_bytes, max(FREE_BYTES, MAX_RATIO * path.stat().st_size))
        self._limit = self._left
        self._num_members = 0

    def count(self, num_bytes: int) -> None:
        self._left -= num_bytes
        if self._left < 0:
            raise BadData(
                "archive-too-large",
                **_told(self._path, f"unpacks to more than {self._limit:,} bytes"),
            )

    def count_member(self) -> None:
        self._num_members += 1
        if self._num_members > self._max_members:
            more = f"holds more than {self._max_members:,} files"
            raise BadData("archive-too-large", **_told(self._path, more))


@contextmanager
def _damage_of(path: Path) -> Iterator[None]:
    try:
        yield
    except DAMAGE as error:
        raise BadData("damaged-archive", **_told(path, _damage(error))) from error


def _damage(error: Exception) -> str:
    """What our reader of zip files found; the words of other libraries help nobody."""
    if isinstance(error, zipfile.BadZipFile):
        return f"is damaged: {error}"
    return "is damaged and cannot be unpacked"


def _told(path: Path, what: str) -> dict[str, str]:
    """What a person reads of an error about this file."""
    hint = "Pack it anew from files you trust, or leave it out."
    return {"message": f"{path.name} {what}.", "hint": hint, "where": str(path)}
