"""Frames: how programs talk over a socket. Pure functions, no input or output of their own.

    4 bytes  length of the header, big-endian
    header   one JSON object; its field `binary` is the length of the binary part, left out when there is none
    binary   bytes

Limits hold on both sides, so that a length in a broken or hostile frame never becomes an allocation.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from glassworks.common.errors import InvalidSpec

MAX_HEADER_BYTES = 4 << 20
MAX_BINARY_BYTES = 64 << 20
LENGTH = struct.Struct(">I")


@dataclass(frozen=True)
class Frame:
    """One message: a JSON object and, sometimes, bytes."""

    header: dict[str, Any]
    binary: bytes = b""


def encode_frame(header: dict[str, Any], binary: bytes = b"") -> bytes:
    """The bytes of one frame. Raises InvalidSpec when it is over a limit or uses the reserved field `binary`."""
    if "binary" in header:
        raise _malformed("the field `binary` is reserved for a length")
    fields = {**header, "binary": len(binary)} if binary else header
    text = json.dumps(fields, separators=(",", ":")).encode()
    _check_size(len(text), MAX_HEADER_BYTES)
    _check_size(len(binary), MAX_BINARY_BYTES)
    return LENGTH.pack(len(text)) + text + binary


class FrameDecoder:
    """Gives the frames in a stream of bytes that arrives in pieces of any size."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._header: dict[str, Any] | None = None
        self._binary_bytes = 0

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take more bytes; yields each frame that is complete now. Raises InvalidSpec; nothing after it is read."""
        self._buffer += data
        while (frame := self._next()) is not None:
            yield frame

    @property
    def is_between_frames(self) -> bool:
        """Whether the stream may end here without cutting a frame."""
        return not self._buffer and self._header is None

    def _next(self) -> Frame | None:
        if self._header is None:
            self._header = self._take_header()
        if self._header is None or len(self._buffer) < self._binary_bytes:
            return None
        frame = Frame(self._header, self._take(self._binary_bytes))
        self._header = None
        return frame

    def _take_header(self) -> dict[str, Any] | None:
        if len(self._buffer) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack_from(self._buffer)
        _check_size(length, MAX_HEADER_BYTES)
        if len(self._buffer) < LENGTH.size + length:
            return None
        self._take(LENGTH.size)
        header = _read_header(self._take(length))
        self._binary_bytes = _read_length(header.pop("binary", 0))
        return header

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken


def _read_header(data: bytes) -> dict[str, Any]:
    try:
        header = json.loads(data)
    except (ValueError, RecursionError):
        raise _malformed("its header is not JSON") from None
    if not isinstance(header, dict):
        raise _malformed("its header is not a JSON object")
    return header


def _read_length(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _malformed("its binary length is not a count")
    _check_size(value, MAX_BINARY_BYTES)
    return value


def _check_size(length: int, limit: int) -> None:
    if length > limit:
        raise _malformed(f"it says {length:,} bytes where at most {limit:,} are taken")


def _malformed(what: str) -> InvalidSpec:
    return InvalidSpec(
        "bad-frame",
        f"A message between programs cannot be read: {what}.",
        "Check that both sides are of the same version of Glassworks.",
    )
