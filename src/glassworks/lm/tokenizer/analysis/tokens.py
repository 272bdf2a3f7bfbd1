"""A token as it is shown: its id, its text and its bytes.

Half a character is no text; it is shown as U+FFFD, and its bytes tell the rest.
"""

from glassworks.lm.tokenizer.tokenizer import Tokenizer
from glassworks.specs.base import Spec


class TokenView(Spec):
    """hex: the token's bytes, two digits each; empty for a special token, which `text` then names."""

    id: int
    text: str
    hex: str
    is_special: bool = False


def view_token(tokenizer: Tokenizer, id_: int) -> TokenView:
    """The token with this id."""
    spelling = tokenizer.spelling(id_)
    is_special = spelling in tokenizer.special_ids
    data = tokenizer.token_bytes[id_]
    text = spelling if is_special else data.decode("utf-8", errors="replace")
    return TokenView(id=id_, text=text, hex=data.hex(), is_special=is_special)
