"""The 256 bytes as 256 printable characters, as byte-level BPE writes them in `tokenizer.json`.

A byte that is a visible Latin-1 character stands for itself; the others (controls, space, 0x7f to 0xa0, 0xad) take
the code points from 256 on, in their order. So a space is written `Ġ` and a line end `Ċ`.
Source: Radford et al., "Language Models are Unsupervised Multitask Learners" (2019), the GPT-2 tokenizer.
"""

VISIBLE = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]


def _characters() -> list[str]:
    hidden = (byte for byte in range(256) if byte not in VISIBLE)
    stand_in = {byte: chr(256 + index) for index, byte in enumerate(hidden)}
    return [stand_in.get(byte, chr(byte)) for byte in range(256)]


CHARACTER_OF_BYTE: list[str] = _characters()
BYTE_OF_CHARACTER: dict[str, int] = {
    character: byte for byte, character in enumerate(CHARACTER_OF_BYTE)
}


def to_characters(data: bytes) -> str:
    """Bytes as they are spelled in a byte-level vocabulary."""
    return "".join(CHARACTER_OF_BYTE[byte] for byte in data)


def to_bytes(token: str) -> bytes:
    """The bytes that a byte-level vocabulary entry stands for. Raises KeyError for any other character."""
    return bytes(map(BYTE_OF_CHARACTER.__getitem__, token))
