"""Whether a compiled character map is sound: SentencePiece's table that says what each character becomes.

In: the bytes of a map. Out: nothing, or BadData.
Unusual: the library follows such a map without looking where it leads. A damaged one would end the process at some text,
perhaps weeks later. So every place that a text could lead to is visited here once.
The map: its length, a double-array trie of 32-bit units, then the texts that the trie's values point at, each ended by a
zero byte. Source: google/sentencepiece `normalizer.cc`, and Yata's Darts-clone for the trie.
"""

import struct

from glassworks.lm.tokenizer.foreign.failures import broken

UNIT = struct.calcsize("<I")
BYTES = range(1, 256)


def check_charsmap(data: bytes) -> None:
    """Raises BadData where a text could lead out of the map."""
    size = struct.unpack("<I", data[:UNIT])[0] if len(data) >= UNIT else 0
    if size == 0 or size % UNIT or size > len(data) - UNIT:
        raise _broken()
    units = struct.unpack(f"<{size // UNIT}I", data[UNIT : UNIT + size])
    texts = data[UNIT + size :]
    _check_texts(texts)
    _check_values(units, texts, _bases(units))


def _bases(units: tuple[int, ...]) -> set[int]:
    """For each node that a text can reach, the place from which its children are found."""
    waiting = [_offset(units[0])]
    seen: set[int] = set()
    while waiting:
        base = waiting.pop()
        if base in seen:
            continue
        seen.add(base)
        if base | 0xFF >= len(units):
            raise _broken()
        for byte in BYTES:
            unit = units[base ^ byte]
            if unit & (1 << 31 | 0xFF) == byte:
                waiting.append((base ^ byte) ^ _offset(unit))
    return seen


def _check_values(units: tuple[int, ...], texts: bytes, bases: set[int]) -> None:
    """A node has a value where its unit says so; the value is looked up for every base, to be safe."""
    for base in bases:
        for byte in BYTES:
            unit = units[base ^ byte]
            if unit & (1 << 31 | 0xFF) == byte and unit >> 8 & 1:
                value = units[(base ^ byte) ^ _offset(unit)] & (1 << 31) - 1
                if value >= len(texts) or texts[value] & 0xC0 == 0x80:
                    raise _broken()


def _offset(unit: int) -> int:
    return (unit >> 10) << ((unit & (1 << 9)) >> 6)


def _check_texts(texts: bytes) -> None:
    try:
        texts.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _broken() from error
    if not texts.endswith(b"\0"):
        raise _broken()


def _broken() -> Exception:
    return broken("The tokenizer's map of characters is damaged.")
