"""Reading text: what is right is kept, what is wrong is named with its place."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from glassworks.common.errors import BadData, Forbidden, InvalidSpec, NotFound
from glassworks.lm.text import list_files, read_text, stream_text
from glassworks.lm.text.files import BLOCK_BYTES


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"To be", "To be"),
        (b"\xef\xbb\xbfTo be", "To be"),
        (b"one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("naïve 你好".encode(), "naïve 你好"),
        (b"x\r", "x\n"),
    ],
)
def test_text_is_kept(tmp_path: Path, data: bytes, text: str) -> None:
    assert read_text(write(tmp_path / "a.txt", data)) == text


def test_blocks_may_cut_a_character_or_a_line_end(tmp_path: Path) -> None:
    data = b"a" * (BLOCK_BYTES - 1) + "é".encode() + b"b" * (BLOCK_BYTES - 2) + b"\r\nend"
    pieces = list(stream_text(write(tmp_path / "a.txt", data)))
    assert len(pieces) > 2
    assert "".join(pieces) == data.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty-file", "is empty"),
        (b" \n\t\n", "empty-file", "white space"),
        (b"caf\xe9 noir", "wrong-encoding", "byte 3"),
        (b"a" * BLOCK_BYTES + b"\xff", "wrong-encoding", f"byte {BLOCK_BYTES:,}"),
        (b"a" * (BLOCK_BYTES - 1) + b"\xe4\xbdX", "wrong-encoding", f"byte {BLOCK_BYTES - 1:,}"),
        (b"half a character \xe4\xbd", "wrong-encoding", "byte 17"),
        ("To be".encode("utf-16"), "wrong-encoding", "UTF-16"),
        (b"text\0text", "binary-file", "byte 4"),
        (b"\x89PNG\r\n\x1a\n", "binary-file", "PNG"),
        (b"PK\x03\x04rest", "binary-file", "zip"),
    ],
)
def test_bad_bytes_are_named(tmp_path: Path, data: bytes, code: str, words: str) -> None:
    with pytest.raises(BadData) as caught:
        read_text(write(tmp_path / "a.txt", data))
    assert caught.value.code == code
    assert words in caught.value.message
    assert caught.value.hint


def test_missing_and_wrong_kind(tmp_path: Path) -> None:
    for name in ("none.txt", "a.txt/b.txt"):
        write(tmp_path / "a.txt", b"x")
        with pytest.raises(NotFound, match="no file"):
            read_text(tmp_path / name)
    with pytest.raises(Forbidden, match="cannot be read"):
        read_text(tmp_path / ("long" * 100))
    with pytest.raises(InvalidSpec, match="is a folder"):
        read_text(tmp_path)
    with pytest.raises(NotFound, match="no folder"):
        list_files(tmp_path / "none", (".txt",))
    with pytest.raises(InvalidSpec, match="not a folder"):
        list_files(write(tmp_path / "a.txt", b"x"), (".txt",))


def test_files_are_listed_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", "a/b.TXT", ".hidden/d.txt", "e.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, b"x")
    found = [
        path.relative_to(tmp_path).as_posix() for path in list_files(tmp_path, (".txt", ".md"))
    ]
    assert found == ["a/b.TXT", "a/c.md", "b.txt"]


READ = """
import os, sys
from pathlib import Path
from glassworks.common.errors import GlassworksError
from glassworks.lm.text import list_files, read_text
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for call in (lambda: read_text(Path(sys.argv[1])), lambda: list_files(Path(sys.argv[2]), (".txt",))):
    try:
        call()
        print("read")
    except GlassworksError as error:
        print(type(error).__name__, error.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of another kind")
def test_unreadable_file_and_folder() -> None:
    """Root may read everything, so the check runs as an unprivileged user in a process of its own."""

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        secret = write(folder / "secret.txt", b"x")
        closed = folder / "closed"
        closed.mkdir()
        secret.chmod(0)
        closed.chmod(0)
        done = subprocess.run(
            [sys.executable, "-c", READ, str(secret), str(closed)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        closed.chmod(0o755)
    assert done.stdout.split("\n")[:2] == ["Forbidden file-not-readable"] * 2, done.stderr
