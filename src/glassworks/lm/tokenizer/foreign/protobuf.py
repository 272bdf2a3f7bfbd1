"""The wire format of Protocol Buffers, as far as it takes to read a SentencePiece model: fields of a message, one by one.

In: the bytes of a message. Out: (number of the field, value): an int, or bytes for text, inner messages and fixed widths.
Nothing is made larger than what is there, and a message that ends too early raises BadData.
Source: protobuf.dev, "Encoding".
"""

import struct
from collections.abc import Iterator

from glassworks.lm.tokenizer.foreign.failures import broken

VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES = 0, 1, 2, 5
MAX_VARINT_BYTES = 10
Value = int | bytes


def fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """The fields of a message in their order; a field may come several times."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if number == 0:
            raise _too_short("a field without a number")
        if wire == VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        length = {EIGHT_BYTES: 8, FOUR_BYTES: 4}.get(wire)
        if wire == LENGTH:
            length, at = _varint(data, at)
        if length is None or length > len(data) - at:
            raise _too_short(f"field {number}")
        yield number, data[at : at + length]
        at += length


def number_in(value: Value) -> int:
    """A field that must be a number, a signed one in 64 bits."""
    if not isinstance(value, int):
        raise _too_short("a number that is none")
    return value - (1 << 64) if value >> 63 else value


def float_in(value: Value) -> float:
    """A field that must be a float of 32 bits."""
    if not isinstance(value, bytes) or len(value) != struct.calcsize("<f"):
        raise _too_short("a score that is no number")
    return float(struct.unpack("<f", value)[0])


def bytes_in(value: Value) -> bytes:
    """A field that must be bytes or an inner message."""
    if not isinstance(value, bytes):
        raise _too_short("a part that is no message")
    return value


def text_in(value: Value) -> str:
    """A field that must be text."""
    try:
        return bytes_in(value).decode("utf-8")
    except UnicodeDecodeError as error:
        raise broken(f"The model has a text that is not UTF-8: {error}") from error


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Seven bits a byte, lowest first; the highest bit says that more follow."""
    value = 0
    for index in range(MAX_VARINT_BYTES):
        if at + index >= len(data):
            break
        byte = data[at + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value & ((1 << 64) - 1), at + index + 1
    raise _too_short("a number without end")


def _too_short(what: str) -> Exception:
    return broken(f"The SentencePiece model is cut short or damaged: it has {what}.")
