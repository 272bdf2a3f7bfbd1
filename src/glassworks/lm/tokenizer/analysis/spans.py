"""Where in a text each token stands, in bytes of its UTF-8.

In: a tokenizer, a text, its ids. Out: `(start, end)` for each id. Byte-level tokens follow each other without a gap, so their
lengths add up; other kinds change the text, and the library says which of its characters a token came from. Where such a tokenizer drops a character without a token, the
library counts on as if it had not been there, and later tokens of that word stand too far to the left.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from glassworks.lm.tokenizer.tokenizer import Tokenizer

Span = tuple[int, int]


def spans(
    tokenizer: Tokenizer, text: str, ids: Sequence[int], with_special: bool = False
) -> list[Span]:
    """The bytes of `text` behind each of `ids`, which `encode` made of it."""
    if tokenizer.is_lossless:
        ends = list(accumulate((_num_bytes(tokenizer, id_) for id_ in ids), initial=0))
        if ends[-1] == len(text.encode()):
            return list(pairwise(ends))
    return _by_characters(text, tokenizer.character_spans(text, with_special))


def _num_bytes(tokenizer: Tokenizer, id_: int) -> int:
    spelling = tokenizer.spelling(id_)
    if spelling in tokenizer.special_ids:
        return len(spelling.encode())
    return len(tokenizer.token_bytes[id_])


def _by_characters(text: str, found: Sequence[Span]) -> list[Span]:
    places = list(accumulate((len(character.encode()) for character in text), initial=0))
    return [(places[start], places[end]) for start, end in found]
