"""Opening the tokenizers that ops are asked about, and the limits that they share.

In: the folder of an artifact, a file or folder that another program made, or `known:<name>` (`foreign/known.py`). Out: the
tokenizer, kept for the next question: artifacts never change, and of other files the time of change is looked at.
"""

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from glassworks.common.errors import LimitReached
from glassworks.lm.tokenizer.foreign import bring_in
from glassworks.lm.tokenizer.foreign.known import KNOWN_PREFIX
from glassworks.lm.tokenizer.specials import add_special_tokens
from glassworks.lm.tokenizer.tokenizer import (
    ROLES_FILE,
    Tokenizer,
    load_tokenizer,
    parse_tokenizer,
    save_tokenizer,
)

MAX_CHARACTERS = 2_000_000
"""Of one question; a command that has more asks several times."""
MAX_KEPT = 8


def open_tokenizer(where: str) -> Tokenizer:
    """The tokenizer at `where`. Raises NotFound, and what reading a damaged or foreign file raises."""
    return _opened(where, _changed_at(where))


def open_with_specials(where: str, special_tokens: Mapping[str, str]) -> Tokenizer:
    """The same with more special tokens, role -> spelling; nothing is saved. Raises what a bad role or spelling raises."""
    if not special_tokens:
        return open_tokenizer(where)
    return _extended(where, _changed_at(where), tuple(special_tokens.items()))


def check_length(num_characters: int, limit: int = MAX_CHARACTERS) -> None:
    """Raises LimitReached for a text that is too long for one question."""
    if num_characters > limit:
        raise LimitReached(
            "text-too-long",
            f"The text has {num_characters:,} characters; {limit:,} are taken at once.",
            "Give a part of it, or several parts one after another.",
        )


def _changed_at(where: str) -> int:
    path = Path(where)
    is_file = not where.startswith(KNOWN_PREFIX) and path.exists()
    return path.stat().st_mtime_ns if is_file else 0


@lru_cache(maxsize=MAX_KEPT)
def _opened(where: str, changed_at: int) -> Tokenizer:
    del changed_at  # part of the key only
    path = Path(where)
    if (path / ROLES_FILE).is_file():
        return load_tokenizer(path)
    with tempfile.TemporaryDirectory() as folder:
        return bring_in(where, Path(folder))


@lru_cache(maxsize=MAX_KEPT)
def _extended(
    where: str, changed_at: int, special_tokens: tuple[tuple[str, str], ...]
) -> Tokenizer:
    kept = _opened(where, changed_at)
    roles = {role: special.token for role, special in kept.roles.items()}
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before"), Path(folder, "after")
        before.mkdir()
        after.mkdir()
        inner = parse_tokenizer(kept.to_json(), before)
        save_tokenizer(before, inner, roles, kept.chat_template)
        return add_special_tokens(before, dict(special_tokens), after)
