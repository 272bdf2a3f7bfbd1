"""The list of files at the end of a zip, read one entry after another: a zip of a million files takes no more memory than one.

In: an open file. Out: entries in their order, as `zipfile` describes them, and their content. Unusual: the standard library reads
the whole list at once (0.7 GB and 20 seconds for a million files, before a limit could be looked at); here it is only asked to
unpack single members. Source: PKWARE's APPNOTE.TXT, 4.3.12 to 4.3.16.
"""

import io
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

END = struct.Struct("<4s4H2LH")
END64_PLACE = struct.Struct("<4sLQL")
END64 = struct.Struct("<4sQ2H2L4Q")
ENTRY = struct.Struct("<4s4B4H3L5H2L")
SIGNATURES = {"end": b"PK\5\6", "place": b"PK\6\7", "end64": b"PK\6\6", "entry": b"PK\1\2"}
EMPTY = END.pack(SIGNATURES["end"], 0, 0, 0, 0, 0, 0, 0)
MAX_COMMENT = 0xFFFF
UTF8 = 0x800
FULL = 0xFFFFFFFF
"""Stands where the true number is in the field of zip64."""


@contextmanager
def opened(path: Path) -> Iterator[tuple[Iterator[zipfile.ZipInfo], zipfile.ZipFile]]:
    """Entries one by one, and an archive whose `open` takes them. Raises BadZipFile, here or between entries."""
    with (
        path.open("rb") as listing,
        path.open("rb") as content,
        zipfile.ZipFile(io.BytesIO(EMPTY)) as archive,
    ):
        archive.fp = content
        yield entries(listing), archive


def entries(file: IO[bytes]) -> Iterator[zipfile.ZipInfo]:
    """The entries of a zip in their order; nothing but the current one is kept. Raises BadZipFile."""
    begin, size, shift = _directory(file)
    file.seek(begin)
    left = size
    while left >= ENTRY.size:
        info, num_bytes = _entry(file, shift)
        left -= num_bytes
        yield info


def _directory(file: IO[bytes]) -> tuple[int, int, int]:
    """Where the list begins, its bytes, and what is to be added to every offset (something may stand before the zip)."""
    total = file.seek(0, io.SEEK_END)
    tail_begin = max(0, total - END.size - MAX_COMMENT)
    file.seek(tail_begin)
    tail = file.read(END.size + MAX_COMMENT)
    at = tail.rfind(SIGNATURES["end"], 0, len(tail) - END.size + len(SIGNATURES["end"]))
    if at < 0:
        raise zipfile.BadZipFile("it has no list of its files")
    *_, size, offset, _ = END.unpack_from(tail, at)
    end = tail_begin + at
    end64 = end - END64_PLACE.size - END64.size
    if end64 >= 0:
        file.seek(end64)
        data = file.read(END64.size + END64_PLACE.size)
        if data[:4] == SIGNATURES["end64"] and data[END64.size :][:4] == SIGNATURES["place"]:
            *_, size, offset = END64.unpack_from(data)
            end = end64
    begin = end - size
    if begin < 0 or begin < offset:
        raise zipfile.BadZipFile("the list of its files is not where it should be")
    return begin, size, begin - offset


def _entry(file: IO[bytes], shift: int) -> tuple[zipfile.ZipInfo, int]:
    head = file.read(ENTRY.size)
    if len(head) < ENTRY.size or not head.startswith(SIGNATURES["entry"]):
        raise zipfile.BadZipFile("the list of its files is damaged")
    fields = ENTRY.unpack(head)
    name_bytes, extra_bytes, comment_bytes = fields[12:15]
    rest = file.read(name_bytes + extra_bytes + comment_bytes)
    flags = fields[5]
    name = rest[:name_bytes].decode("utf-8" if flags & UTF8 else "cp437")
    info = zipfile.ZipInfo(name)
    info.create_system, info.flag_bits, info.compress_type = fields[2], flags, fields[6]
    info.CRC, info.external_attr = fields[9], fields[17]
    sizes = [fields[11], fields[10], fields[18]]
    info.file_size, info.compress_size, offset = _true_sizes(sizes, rest[name_bytes:], extra_bytes)
    info.header_offset = offset + shift
    return info, len(head) + len(rest)


def _true_sizes(sizes: list[int], rest: bytes, extra_bytes: int) -> list[int]:
    """Size, packed size and offset; those that are `FULL` stand in the extra field 1, in this order."""
    at = 0
    while at + 4 <= extra_bytes and FULL in sizes:
        kind, num_bytes = struct.unpack_from("<2H", rest, at)
        if kind == 1:
            numbers = iter(struct.unpack_from(f"<{num_bytes // 8}Q", rest, at + 4))
            return [next(numbers, size) if size == FULL else size for size in sizes]
        at += 4 + num_bytes
    return sizes
