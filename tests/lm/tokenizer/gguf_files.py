"""Writing the head of a GGUF file, as ggml's specification has it: what the reader is tried on."""

import struct
from collections.abc import Mapping
from typing import Any

UINT32, INT32, FLOAT32, BOOL, STRING, LIST, UINT64 = 4, 5, 6, 7, 8, 9, 10


def gguf(values: Mapping[str, Any], version: int = 3) -> bytes:
    """A file without tensors. Values: texts, switches, whole numbers, floats, and lists of one of them."""
    head = struct.pack("<4sIQQ", b"GGUF", version, 0, len(values))
    return head + b"".join(_text(name) + _typed(value) for name, value in values.items())


def _typed(value: Any) -> bytes:
    if isinstance(value, list):
        inner = _type_of(value[0])
        head = struct.pack("<IIQ", LIST, inner, len(value))
        return head + b"".join(_plain(entry, inner) for entry in value)
    type_ = _type_of(value)
    return struct.pack("<I", type_) + _plain(value, type_)


def _type_of(value: Any) -> int:
    found = {bool: BOOL, int: INT32, float: FLOAT32, str: STRING}
    return found[type(value)]


def _plain(value: Any, type_: int) -> bytes:
    letters = {BOOL: "?", INT32: "i", FLOAT32: "f"}
    return _text(value) if type_ == STRING else struct.pack(f"<{letters[type_]}", value)


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data
