"""The list of a zip, read entry by entry, beside what the standard library reads of it."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassworks.common.errors import BadData
from glassworks.lm.text.archives import MAX_OFFICE_MEMBERS, check_zip, is_archive, members
from glassworks.lm.text.zip_directory import opened
from tests.lm.text import made

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
FIELDS = (
    "filename",
    "flag_bits",
    "compress_type",
    "CRC",
    "compress_size",
    "file_size",
    "header_offset",
    "external_attr",
    "create_system",
)
END = b"PK\x05\x06"
"""What the end of a zip file begins with."""


def check(path: Path) -> None:
    """The same entries and the same bytes as `zipfile` finds."""
    with zipfile.ZipFile(path) as theirs, opened(path) as (entries, ours):
        num_seen = 0
        for info, known in zip(entries, theirs.infolist(), strict=True):
            for field in FIELDS:
                assert getattr(info, field) == getattr(known, field), field
            with ours.open(info) as one, theirs.open(known) as other:
                assert one.read() == other.read()
            num_seen += 1
        assert num_seen == len(theirs.namelist())


@given(
    files=st.dictionaries(NAMES, st.binary(max_size=300), max_size=6),
    before=st.binary(max_size=50),
    comment=st.binary(max_size=80).filter(lambda it: END not in it),  # the library reads such no more
    packing=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]),
    is_large=st.booleans(),
)  # fmt: skip
def test_it_reads_what_the_library_reads(
    files: dict[str, bytes],
    before: bytes,
    comment: bytes,
    packing: int,
    is_large: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.zip"
    path.write_bytes(before)
    with zipfile.ZipFile(path, "a", packing) as archive:
        archive.comment = comment
        for name, data in files.items():
            with archive.open(name, "w", force_zip64=is_large) as member:
                member.write(data)
    check(path)


def test_numbers_of_64_bits(tmp_path: Path) -> None:
    """Sizes and offsets that stand in the extra field, and the second end that comes with them."""
    path = tmp_path / "a.zip"
    write_many(path, 300, is_wide=True)
    check(path)


def write_many(path: Path, number: int, is_wide: bool = False) -> None:
    """Files of one byte, written by hand: the library would take its time."""
    listing = io.BytesIO()
    with path.open("wb") as file:
        for n in range(number):
            name, at = b"%d.txt" % n, file.tell()
            file.write(
                struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0x8CDC1683, 1, 1, len(name), 0)
            )
            file.write(name + b"x")
            full = 0xFFFFFFFF if is_wide else 0
            extra = struct.pack("<2H3Q", 1, 24, 1, 1, at) if is_wide else b""
            listing.write(
                struct.pack(
                    "<4s6H3L5H2L",
                    b"PK\1\2",
                    20,
                    20,
                    0,
                    0,
                    0,
                    33,
                    0x8CDC1683,
                    full or 1,
                    full or 1,
                    len(name),
                    len(extra),
                    0,
                    0,
                    0,
                    0,
                    full or at,
                )
            )
            listing.write(name + extra)
        begin, end = file.tell(), file.tell() + len(listing.getvalue())
        file.write(listing.getvalue())
        file.write(
            struct.pack(
                "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, number, number, end - begin, begin
            )
        )
        file.write(struct.pack("<4sLQL", b"PK\6\7", 0, end, 1))
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, end - begin, begin, 0))  # fmt: skip


def test_very_many_files_take_no_memory(tmp_path: Path) -> None:
    """The library keeps half a kilobyte of each, before anything could be counted: 20 MB here."""
    path = tmp_path / "a.zip"
    write_many(path, 30_000)
    tracemalloc.start()
    try:
        assert is_archive(path)
        first = next(members(path, 1 << 30))
        with opened(path) as (entries, _):
            num_entries = sum(1 for _ in entries)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (first.name, num_entries) == ("0.txt", 30_000)
    assert peak < 4 << 20


def test_an_office_document_of_very_many_parts(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    write_many(path, MAX_OFFICE_MEMBERS + 1)
    with pytest.raises(BadData, match="more than 20,000 files"):
        check_zip(path, 1 << 30)


@pytest.mark.parametrize("kept", [0.2, 0.9, 0.99])
def test_a_cut_or_damaged_list(kept: float, tmp_path: Path) -> None:
    whole = made.zipped({f"{n}.txt": b"text" for n in range(20)})
    path = tmp_path / "a.zip"
    path.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(BadData) as caught:
        list(members(path, 1 << 20))
    assert caught.value.code == "damaged-archive"
    listing = whole.index(b"PK\1\2")
    path.write_bytes(whole[:listing] + b"XX" + whole[listing + 2 :])
    with pytest.raises(BadData, match="list of its files is damaged"):
        list(members(path, 1 << 20))
