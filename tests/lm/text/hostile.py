"""Hostile files, made fresh by the tests: archive bombs, names that lead out, links, lying lengths, traps for parsers.

`HOSTILE` maps a name to (file name, function that writes it, code of the refusal).
"""

import gzip
import io
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.lm.text import made

ZEROS = b"\0" * (1 << 20)
Write = Callable[[Path], None]


class Trap:
    """Unpickling one writes a file: a test looks whether it is there."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return (eval, (f"__import__('pathlib').Path({str(self.mark)!r}).write_text('run')",))


def zip_bomb(path: Path) -> None:
    """256 MB of blanks in 256 kB."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.txt", "w") as f,
    ):
        for _ in range(256):
            f.write(b" " * (1 << 20))


def gzip_bomb(path: Path) -> None:
    with gzip.open(path, "wb") as file:
        for _ in range(256):
            file.write(b" " * (1 << 20))


def nested(path: Path) -> None:
    data = made.zipped({"a.txt": b"text"})
    for _ in range(4):
        data = made.zipped({"inner.zip": data})
    path.write_bytes(data)


def lying_length(path: Path) -> None:
    """A zip that says a member has 10 bytes; more come out."""
    data = bytearray(made.zipped({"a.txt": b"x" * 100_000}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(mark) + offset
        data[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(data)


def declares_50_gb(path: Path) -> None:
    """A tar whose first member claims 50 GB and has nothing."""
    info = tarfile.TarInfo("a.txt")
    info.size = 50 << 30
    path.write_bytes(info.tobuf(format=tarfile.GNU_FORMAT) + b"text")


def leads_out(name: str) -> Write:
    def write(path: Path) -> None:
        path.write_bytes(made.zipped({name: b"text"}))

    return write


def tar_with(kind: bytes, target: str = "/etc/passwd") -> Write:
    def write(path: Path) -> None:
        with tarfile.open(path, "w") as archive:
            info = tarfile.TarInfo("a.txt")
            info.type, info.linkname = kind, target
            archive.addfile(info)

    return write


def zip_with_link(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")


def word_with_entities(path: Path) -> None:
    """The billion laughs, in the place of a document's body."""
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10)
    )
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [%s]><x>&l9;</x>' % laughs
    source = io.BytesIO(made.word(["text"]))
    with zipfile.ZipFile(source) as good, zipfile.ZipFile(path, "w") as archive:
        for name in good.namelist():
            archive.writestr(name, bomb if name == "word/document.xml" else good.read(name))


def word_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        with archive.open("word/document.xml", "w") as file:
            for _ in range(1024):
                file.write(ZEROS)


def parquet_with_pickles(path: Path) -> None:
    """A column of pickles, and a pickle in the table's notes."""
    trap = pickle.dumps(Trap(path.parent / "was-run"))
    table = pa.table({"data": pa.array([trap, trap], pa.binary())})
    noted = table.replace_schema_metadata({b"ARROW:extension:metadata": trap, b"pandas": trap})
    pq.write_table(noted, path)


def endless_line(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'{"text": "')
        for _ in range(80):
            file.write(b"a" * (1 << 20))


def deep_json(path: Path) -> None:
    path.write_bytes(b'{"text": ' + b"[" * 200_000)


def pdf_bomb(path: Path) -> None:
    """A page whose stream unpacks to 1 GB of blanks."""
    import zlib

    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(1024)) + packer.flush()
    good = made.pdf(["x"])
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    begin, end = good.index(b"<< /Length"), good.index(b"endstream") + len(b"endstream")
    path.write_bytes(good[:begin] + stream + good[end:])


HOSTILE: dict[str, tuple[str, Write, str]] = {
    "zip bomb": ("a.zip", zip_bomb, "archive-too-large"),
    "gzip bomb": ("a.txt.gz", gzip_bomb, "archive-too-large"),
    "archives in archives": ("a.zip", nested, "archive-too-deep"),
    "lying length": ("a.zip", lying_length, "damaged-archive"),
    "50 GB declared": ("a.tar", declares_50_gb, "damaged-archive"),
    "leads up": ("a.zip", leads_out("../../a.txt"), "unsafe-archive"),
    "leads to the root": ("a.zip", leads_out("/etc/a.txt"), "unsafe-archive"),
    "leads up on Windows": ("a.zip", leads_out("..\\a.txt"), "unsafe-archive"),
    "leads to a drive": ("a.zip", leads_out("C:\\a.txt"), "unsafe-archive"),
    "link in a zip": ("a.zip", zip_with_link, "unsafe-archive"),
    "link in a tar": ("a.tar", tar_with(tarfile.SYMTYPE), "unsafe-archive"),
    "hard link in a tar": ("a.tar", tar_with(tarfile.LNKTYPE, "../b"), "unsafe-archive"),
    "device in a tar": ("a.tar", tar_with(tarfile.CHRTYPE), "unsafe-archive"),
    "pipe in a tar": ("a.tar", tar_with(tarfile.FIFOTYPE), "unsafe-archive"),
    "word with entities": ("a.docx", word_with_entities, "damaged-document"),
    "word bomb": ("a.docx", word_bomb, "archive-too-large"),
    "pickles in a table": ("a.parquet", parquet_with_pickles, "no-text-column"),
    "endless line": ("a.jsonl", endless_line, "line-too-long"),
    "deep JSON": ("a.jsonl", deep_json, "malformed-json"),
    "bomb in a PDF": ("a.pdf", pdf_bomb, "file-too-large"),
}
