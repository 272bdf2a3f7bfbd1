"""Reading a tokenizer that another program made, and writing it as an artifact of ours.

In: a `tokenizer.json`, a folder with one (as on the hub, with `tokenizer_config.json` and a chat template), or a file of
ranks. Out: the artifact's folder, with the same ids. Settings that would shorten or fill up texts are left out: they belong
to a use of the tokenizer, not to it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glassworks.common.errors import InvalidSpec, LimitReached, NotFound
from glassworks.lm.tokenizer.foreign.ranks import broken, read_ranks, to_document
from glassworks.lm.tokenizer.foreign.roles import guess_roles
from glassworks.lm.tokenizer.tokenizer import (
    CHAT_TEMPLATE_FILE,
    TOKENIZER_FILE,
    Tokenizer,
    parse_tokenizer,
    save_tokenizer,
)

SETTINGS_FILE = "tokenizer_config.json"
RANK_FILE = "tekken.json"
MAX_BYTES = 200_000_000


def read_foreign(path: Path, out: Path, roles: Mapping[str, str] | None = None) -> Tokenizer:
    """Write to `out` the tokenizer of the file or folder `path`. roles: role -> spelling; None: guessed.

    Raises NotFound, LimitReached for a file beyond 200 MB, BadData for one that is no tokenizer, and InvalidSpec for a role
    whose token is not there.
    """
    file = _file_of(path)
    text = _read(file)
    ranks = read_ranks(text)
    inner = parse_tokenizer(text if ranks is None else json.dumps(to_document(ranks)), file)
    inner.no_truncation()
    inner.no_padding()
    settings = _settings(file.parent) if ranks is None else {}
    special = [t.content for t in inner.get_added_tokens_decoder().values() if t.special]
    found = guess_roles(special, settings) if roles is None else dict(roles)
    _check_roles(found, special)
    return save_tokenizer(out, inner, found, _chat_template(file.parent, settings))


def _file_of(path: Path) -> Path:
    candidates = [path / TOKENIZER_FILE, path / RANK_FILE] if path.is_dir() else [path]
    found = next((file for file in candidates if file.is_file()), None)
    if found is None:
        raise NotFound(
            "tokenizer-not-found",
            f"There is no tokenizer at {path}.",
            "Give a tokenizer.json, a folder with one, or a file of ranks (.tiktoken, tekken.json).",
            str(path),
        )
    return found


def _read(file: Path) -> str:
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise LimitReached(
            "tokenizer-too-large",
            f"{file.name} has {size:,} bytes; a tokenizer may have {MAX_BYTES:,}.",
            "Check that this is the file of a tokenizer.",
            str(file),
        )
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise broken(f"{file.name} is not text: {error}") from error


def _settings(folder: Path) -> dict[str, Any]:
    file = folder / SETTINGS_FILE
    if not file.is_file():
        return {}
    try:
        settings = json.loads(_read(file))
    except ValueError as error:
        raise broken(f"{file.name} is not JSON: {error}") from error
    return settings if isinstance(settings, dict) else {}


def _chat_template(folder: Path, settings: Mapping[str, Any]) -> str | None:
    """Beside the tokenizer in a file of its own, or among its settings, alone or as one of several by name."""
    file = folder / CHAT_TEMPLATE_FILE
    if file.is_file():
        return _read(file)
    given = settings.get("chat_template")
    if isinstance(given, list):
        named = {str(e.get("name")): e.get("template") for e in given if isinstance(e, dict)}
        given = named.get("default")
    return given if isinstance(given, str) else None


def _check_roles(roles: Mapping[str, str], special: list[str]) -> None:
    for role, spelling in roles.items():
        if spelling not in special:
            raise InvalidSpec(
                "no-such-special-token",
                f"The tokenizer has no special token {spelling!r} for the role {role!r}.",
                f"It has: {', '.join(special) or 'none'}.",
            )
