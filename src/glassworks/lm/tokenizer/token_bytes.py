"""The bytes that each token of a vocabulary stands for.

In: a tokenizer. Out: a list, id -> bytes. In a byte-level vocabulary they are exact: joined they are the text. In the
others they are what the token adds to the text in most places: ` the` for `the` in WordPiece and `▁the` in
SentencePiece's way of writing. A special token stands for no bytes.
"""

import re
from collections.abc import Mapping

import tokenizers

from glassworks.lm.tokenizer.byte_alphabet import to_bytes
from glassworks.lm.tokenizer.layout import Layout

_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")
_WORD_START = "\u2581"  # ▁, the sign that SentencePiece writes for a space


def bytes_of_tokens(
    inner: tokenizers.Tokenizer, layout: Layout, specials: Mapping[str, int], vocab_size: int
) -> list[bytes]:
    """The bytes of every id below the vocabulary's size; empty for special tokens and for gaps."""
    without_bytes = set(specials.values())
    found = []
    for id_ in range(vocab_size):
        token = inner.id_to_token(id_)
        has_bytes = token is not None and id_ not in without_bytes
        found.append(_bytes_of(str(token), layout) if has_bytes else b"")
    return found


def _bytes_of(token: str, layout: Layout) -> bytes:
    if token in layout.added:  # an added token is written as it is
        return token.encode()
    if layout.spells_bytes:
        try:
            return to_bytes(token)
        except KeyError:  # not written in the byte alphabet
            return token.encode()
    if found := _BYTE.fullmatch(token):
        return bytes([int(found.group(1), 16)])
    if layout.model == "WordPiece":
        return token.removeprefix("##").encode() if token[:2] == "##" else f" {token}".encode()
    return token.replace(_WORD_START, " ").encode()
