"""Opening the tokenizers that ops are asked about, and the limits that they share.

In: the folder of an artifact, a file or folder that another program made, or `known:<name>` (`foreign/known.py`). Out: the
tokenizer, kept for the next question: artifacts never change, and of other files the time of change is looked at.
"""

import tempfile
from functools import lru_cache
from pathlib import Path

from glassworks.common.errors import LimitReached
from glassworks.lm.tokenizer.foreign import bring_in
from glassworks.lm.tokenizer.foreign.known import KNOWN_PREFIX
from glassworks.lm.tokenizer.tokenizer import ROLES_FILE, Tokenizer, load_tokenizer

MAX_CHARACTERS = 2_000_000
"""Of one question; a command that has more asks several times."""
MAX_KEPT = 8


def open_tokenizer(where: str) -> Tokenizer:
    """The tokenizer at `where`. Raises NotFound, and what reading a damaged or foreign file raises."""
    path = Path(where)
    is_file = not where.startswith(KNOWN_PREFIX) and path.exists()
    return _opened(where, path.stat().st_mtime_ns if is_file else 0)


def check_length(num_characters: int, limit: int = MAX_CHARACTERS) -> None:
    """Raises LimitReached for a text that is too long for one question."""
    if num_characters > limit:
        raise LimitReached(
            "text-too-long",
            f"The text has {num_characters:,} characters; {limit:,} are taken at once.",
            "Give a part of it, or several parts one after another.",
        )


@lru_cache(maxsize=MAX_KEPT)
def _opened(where: str, changed_at: int) -> Tokenizer:
    del changed_at  # part of the key only
    path = Path(where)
    if (path / ROLES_FILE).is_file():
        return load_tokenizer(path)
    with tempfile.TemporaryDirectory() as folder:
        return bring_in(where, Path(folder))
