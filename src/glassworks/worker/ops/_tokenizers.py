"""Opening the tokenizers that ops are asked about, and the limits that they share.

In: the folder of an artifact, a file or folder that another program made, or `known:<name>` (`foreign/known.py`). Out: the
tokenizer, kept for the next question: artifacts never change, and of other files the time of change is looked at.
"""

import tempfile
from functools import lru_cache
from pathlib import Path

from tokenizers import models

from glassworks.common.errors import LimitReached, NotFound
from glassworks.lm.tokenizer.byte_alphabet import CHARACTER_OF_BYTE
from glassworks.lm.tokenizer.foreign import read_foreign
from glassworks.lm.tokenizer.foreign.known import BYTES, KNOWN
from glassworks.lm.tokenizer.layout import on_bytes
from glassworks.lm.tokenizer.tokenizer import ROLES_FILE, Tokenizer, load_tokenizer

KNOWN_PREFIX = "known:"
MAX_CHARACTERS = 2_000_000
"""Of one question; a command that has more asks several times."""
MAX_KEPT = 8


def open_tokenizer(where: str) -> Tokenizer:
    """The tokenizer at `where`. Raises NotFound, and what reading a damaged or foreign file raises."""
    if where.startswith(KNOWN_PREFIX):
        return _known(where.removeprefix(KNOWN_PREFIX))
    path = Path(where)
    return _opened(where, path.stat().st_mtime_ns if path.exists() else 0)


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
        return read_foreign(path, Path(folder))


@lru_cache(maxsize=MAX_KEPT)
def _known(name: str) -> Tokenizer:
    if name == BYTES:
        return _bytes()
    file = KNOWN[name].find() if name in KNOWN else None
    if file is None:
        raise _not_here(name)
    with tempfile.TemporaryDirectory() as folder:
        return read_foreign(file, Path(folder))


def _bytes() -> Tokenizer:
    """One token a byte and nothing else; the id is the byte's value."""
    inner = on_bytes(models.BPE(vocab={CHARACTER_OF_BYTE[b]: b for b in range(256)}, merges=[]))
    return Tokenizer(inner, {})


def _not_here(name: str) -> NotFound:
    package = KNOWN[name].package if name in KNOWN else ""
    hint = f"The package {package} brings it." if package else f"Known: {', '.join(KNOWN)}."
    return NotFound(
        "tokenizer-not-found", f"The tokenizer {name!r} is not on this machine.", hint, name
    )
