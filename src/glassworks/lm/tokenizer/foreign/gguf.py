"""The head of a GGUF file: the table of names and values before the tensors. The tensors are never looked at.

In: a file of any size. Out: the values under the names that were asked for. Source: the GGUF specification of ggml.
Unusual: the file is mapped, not read, so a model of many gigabytes costs nothing. Each length in it is a stranger's claim:
it is compared with what is left of the file, and with limits, before anything of that size is made.
"""

import mmap
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from glassworks.lm.tokenizer.foreign.failures import broken

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MAX_ENTRIES = 100_000
MAX_ELEMENTS = 4_000_000
"""Of one list; the largest vocabularies have some 300,000 tokens."""
MAX_HEAD = 1_000_000_000
MAX_NAME = 65_535
STRING, LIST = 8, 9
NUMBERS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
"""Type of a value -> its letter in `struct`; all little-endian."""
_STRING_LENGTH = 8


def is_gguf(file: Path) -> bool:
    """Whether the file begins as one."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def read_head(file: Path, is_wanted: Callable[[str], bool]) -> dict[str, Any]:
    """Name -> number, text or list. Raises BadData for a file that ends too early or claims impossible lengths."""
    with file.open("rb") as opened:
        if file.stat().st_size < len(MAGIC):
            raise broken(f"{file.name} is no GGUF file.")
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _Head(data, file.name).values(is_wanted)


class _Head:
    """A place in the file, and how to read what stands there."""

    def __init__(self, data: mmap.mmap, name: str) -> None:
        self._data = data
        self._name = name
        self._at = 0
        self._end = min(len(data), MAX_HEAD)

    def values(self, is_wanted: Callable[[str], bool]) -> dict[str, Any]:
        if self._take(len(MAGIC)) != MAGIC:
            raise broken(f"{self._name} is no GGUF file.")
        version = self._number("I")
        if version not in VERSIONS:
            raise broken(
                f"{self._name} says that it is GGUF version {version}; versions 2 and 3 of "
                "little-endian files are known."
            )
        self._number("Q")  # how many tensors
        num_entries = self._number("Q")
        if num_entries > MAX_ENTRIES:
            raise self._impossible(f"{num_entries:,} entries")
        found: dict[str, Any] = {}
        for _ in range(num_entries):
            name = self._name_of_entry()
            value = self._value(self._number("I"), is_kept=is_wanted(name))
            if is_wanted(name):
                found[name] = value
        return found

    def _name_of_entry(self) -> str:
        length = self._number("Q")
        if length > MAX_NAME:
            raise self._impossible(f"a name of {length:,} bytes")
        return self._text(self._take(length))

    def _value(self, type_: int, is_kept: bool) -> Any:
        if type_ == LIST:
            return self._list(is_kept)
        if type_ == STRING:
            raw = self._take(self._number("Q"))
            return self._text(raw) if is_kept else None
        return self._number(self._letter(type_))

    def _list(self, is_kept: bool) -> Any:
        """Lists of lists are allowed by the format; no tokenizer has one."""
        type_ = self._number("I")
        num = self._number("Q")
        width = _STRING_LENGTH if type_ == STRING else struct.calcsize(self._letter(type_))
        if num > MAX_ELEMENTS or num * width > self._end - self._at:
            raise self._impossible(f"a list of {num:,}")
        if type_ == STRING:
            texts = (self._value(STRING, is_kept) for _ in range(num))
            return list(texts) if is_kept else sum(1 for _ in texts)
        raw = self._take(num * width)
        return list(struct.unpack(f"<{num}{self._letter(type_)}", raw)) if is_kept else None

    def _letter(self, type_: int) -> str:
        if type_ not in NUMBERS:
            raise broken(f"{self._name} has a value of the unknown type {type_}.")
        return NUMBERS[type_]

    def _number(self, letter: str) -> Any:
        return struct.unpack(f"<{letter}", self._take(struct.calcsize(letter)))[0]

    def _text(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise broken(f"{self._name} has a text that is not UTF-8: {error}") from error

    def _take(self, length: int) -> bytes:
        if length > self._end - self._at:
            raise self._impossible(f"{length:,} bytes")
        self._at += length
        return self._data[self._at - length : self._at]

    def _impossible(self, claim: str) -> Exception:
        left = self._end - self._at
        return broken(
            f"{self._name} claims {claim} at byte {self._at:,}, where {left:,} bytes are left."
        )
