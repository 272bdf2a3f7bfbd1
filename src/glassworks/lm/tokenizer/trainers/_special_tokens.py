"""The setting `special_tokens` that trainers share: which spellings are allowed."""

from collections.abc import Iterable
from typing import Any

from pydantic import Field

from glassworks.lm.tokenizer.bpe import cut_into_pieces
from glassworks.lm.tokenizer.byte_alphabet import BYTE_OF_CHARACTER, to_bytes


def special_tokens_field() -> Any:
    """The field of a trainer's `Config`; a fresh dictionary each time."""
    return Field(
        default={"end": "<|end|>"},
        description="Special tokens by role: what each is called when it is shown.",
    )


def check_spellings(spellings: Iterable[str]) -> None:
    """Raises ValueError for an empty spelling, one given twice, or one that a merge could make out of text."""
    given = list(spellings)
    if len(set(given)) < len(given) or "" in given:
        raise ValueError("each special token needs a spelling of its own")
    for spelling in given:
        if is_one_word(spelling):
            raise ValueError(
                f"{spelling!r} is a word that a text may hold; write a special token with signs and "
                "letters, such as <|end|>"
            )


def check_byte_level(vocab_size: int, spellings: Iterable[str]) -> None:
    """Raises ValueError when a vocabulary has no room for the 256 bytes and the special tokens; see `check_spellings`."""
    given = list(spellings)
    check_spellings(given)
    needed = 256 + len(given)
    if vocab_size < needed:
        raise ValueError(
            f"a vocabulary of {vocab_size} is too small: 256 bytes and {len(given)} special tokens need {needed}"
        )


def is_one_word(spelling: str) -> bool:
    """Whether a trainer could learn this spelling as a token: it then would be text and special at once."""
    if not set(spelling) <= BYTE_OF_CHARACTER.keys():
        return False
    as_text = to_bytes(spelling).decode("utf-8", errors="replace")
    return len(cut_into_pieces(as_text)) == 1
