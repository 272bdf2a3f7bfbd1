"""Bringing in a foreign tokenizer by what a person writes: a path, or `known:` and a name.

In: such a text. Out: the artifact's folder; or the place of the files, and a fingerprint of all that the result depends on.
Unusual: of a GGUF file, which may hold many gigabytes of weights, only the beginning and the size go into the fingerprint.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from tokenizers import models

from glassworks.common.errors import Forbidden
from glassworks.lm.tokenizer.byte_alphabet import CHARACTER_OF_BYTE
from glassworks.lm.tokenizer.foreign.known import KNOWN_PREFIX, find_known
from glassworks.lm.tokenizer.foreign.reading import (
    MAX_BYTES,
    SETTINGS_FILE,
    file_of,
    read_foreign,
)
from glassworks.lm.tokenizer.layout import on_bytes
from glassworks.lm.tokenizer.tokenizer import CHAT_TEMPLATE_FILE, Tokenizer, save_tokenizer

CHUNK = 1 << 20


def bring_in(where: str, out: Path, roles: Mapping[str, str] | None = None) -> Tokenizer:
    """Write to `out` the tokenizer at `where`. roles: role -> spelling; None: guessed. Errors as for `read_foreign`."""
    path = place_of(where)
    return _one_token_a_byte(out) if path is None else read_foreign(path, out, roles)


def place_of(where: str) -> Path | None:
    """The file or folder, absolute; None for `known:bytes`, which has none. Raises NotFound for an unknown name."""
    if where.startswith(KNOWN_PREFIX):
        return find_known(where.removeprefix(KNOWN_PREFIX))
    return Path(where).expanduser().absolute()


def fingerprint_of(where: str) -> str:
    """sha256 over what the result depends on: the tokenizer's file, and its settings and chat template beside it."""
    digest = hashlib.sha256()
    path = place_of(where)
    if path is not None:
        file = file_of(path)
        for part in (file, file.parent / SETTINGS_FILE, file.parent / CHAT_TEMPLATE_FILE):
            if part.is_file():
                digest.update(f"{part.name} {part.stat().st_size}\n".encode())
                _add(digest, part)
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", file: Path) -> None:
    left = MAX_BYTES
    try:
        with file.open("rb") as opened:
            while left > 0 and (chunk := opened.read(min(CHUNK, left))):
                digest.update(chunk)
                left -= len(chunk)
    except PermissionError as error:
        raise Forbidden(
            "file-not-readable",
            f"{file} may not be read.",
            "Give the account that runs Glassworks the right to read it.",
            str(file),
        ) from error


def _one_token_a_byte(out: Path) -> Tokenizer:
    """One token a byte and nothing else; the id is the byte's value."""
    inner = on_bytes(models.BPE(vocab={CHARACTER_OF_BYTE[b]: b for b in range(256)}, merges=[]))
    return save_tokenizer(out, inner, {})
