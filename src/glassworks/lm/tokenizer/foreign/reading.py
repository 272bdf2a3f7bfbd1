"""Reading a tokenizer that another program made, and writing it as an artifact of ours.

In: a `tokenizer.json`, a folder with one (as on the hub, with `tokenizer_config.json` and a chat template), a file of ranks,
a SentencePiece model, or a GGUF file. Out: the artifact's folder, with the same ids. Settings that would shorten or fill up
texts are left out: they belong to a use of the tokenizer, not to it.
Unusual: what a file is, its first bytes say, not its name. Every file is a stranger's: sizes are limited, ids must lie
close together, and what the library would follow blindly is checked before the library sees it.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tokenizers

from glassworks.common.errors import InvalidSpec, LimitReached, NotFound
from glassworks.lm.tokenizer.analysis.probes import PROBES
from glassworks.lm.tokenizer.foreign.charsmap import check_charsmap
from glassworks.lm.tokenizer.foreign.failures import broken, unknown_kind
from glassworks.lm.tokenizer.foreign.gguf import is_gguf
from glassworks.lm.tokenizer.foreign.gguf_tokenizer import read_gguf
from glassworks.lm.tokenizer.foreign.pieces import to_document as document_of_pieces
from glassworks.lm.tokenizer.foreign.ranks import read_ranks, to_document
from glassworks.lm.tokenizer.foreign.roles import guess_roles
from glassworks.lm.tokenizer.foreign.sentencepiece import looks_like_model, read_model
from glassworks.lm.tokenizer.tokenizer import (
    CHAT_TEMPLATE_FILE,
    TOKENIZER_FILE,
    Tokenizer,
    guarded,
    parse_tokenizer,
    save_tokenizer,
)

SETTINGS_FILE = "tokenizer_config.json"
IN_FOLDER = (TOKENIZER_FILE, "tekken.json", "tokenizer.model", "*.model.v*", "*.gguf")
"""What is looked for in a folder, in this order."""
MAX_BYTES = 200_000_000
MAX_IDS = 4_000_000
ODD = (
    "\x00\x04\x7f",
    "\u2603\u16a0\ua000\U0001f9f5",
    "e\u0301 \u200d\ufeff\u2581\u2581",
    "<s> </s> \n\n\t  ",
)


@dataclass(frozen=True)
class _Found:
    """text: a `tokenizer.json`; is_ours: written here. settings and chat_template: what the file itself says of them."""

    text: str
    is_ours: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    chat_template: str | None = None


def read_foreign(path: Path, out: Path, roles: Mapping[str, str] | None = None) -> Tokenizer:
    """Write to `out` the tokenizer of the file or folder `path`. roles: role -> spelling; None: guessed.

    Raises NotFound, LimitReached for a file beyond 200 MB (of a GGUF file only the head counts), BadData for one that is no
    tokenizer or of an unknown kind, and InvalidSpec for a role whose token is not there.
    """
    file = file_of(path)
    found = _open(file)
    _check_maps(found.text)
    inner = parse_tokenizer(found.text, file)
    _check_ids(inner.get_vocab(with_added_tokens=True))
    _check_added(inner, must_stay=found.is_ours)
    inner.no_truncation()
    inner.no_padding()
    guarded(lambda: _use(inner), file)
    settings = found.settings | _settings(file.parent)
    special = [t.content for t in inner.get_added_tokens_decoder().values() if t.special]
    spelled = guess_roles(special, settings) if roles is None else dict(roles)
    _check_roles(spelled, special)
    template = found.chat_template or _chat_template(file.parent, settings)
    return save_tokenizer(out, inner, spelled, template)


def file_of(path: Path) -> Path:
    """The tokenizer's file: `path`, or the first one of its kind in that folder. Raises NotFound."""
    if path.is_dir():
        candidates = [file for name in IN_FOLDER for file in sorted(path.glob(name))]
    else:
        candidates = [path]
    found = next((file for file in candidates if file.is_file()), None)
    if found is None:
        raise NotFound(
            "tokenizer-not-found",
            f"There is no tokenizer at {path}.",
            "Give a tokenizer.json, a folder with one, a file of ranks (.tiktoken, tekken.json), a SentencePiece "
            "model, or a GGUF file.",
            str(path),
        )
    return found


def _open(file: Path) -> _Found:
    """The first bytes say what it is."""
    if is_gguf(file):
        inside = read_gguf(file)
        return _Found(
            json.dumps(inside.document), True, dict(inside.settings), inside.chat_template
        )
    data = _read(file)
    if looks_like_model(data):
        pieces, settings = read_model(data)
        return _Found(json.dumps(document_of_pieces(pieces)), True, dict(settings))
    text = _decode(data, file)
    ranks = read_ranks(text)
    return _Found(text if ranks is None else json.dumps(to_document(ranks)))


def _read(file: Path) -> bytes:
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise LimitReached(
            "tokenizer-too-large",
            f"{file.name} has {size:,} bytes; a tokenizer may have {MAX_BYTES:,}.",
            "Check that this is the file of a tokenizer.",
            str(file),
        )
    return file.read_bytes()


def _decode(data: bytes, file: Path) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise broken(f"{file.name} is not text: {error}") from error


def _check_maps(text: str) -> None:
    """Every compiled map of characters in a `tokenizer.json`, wherever it stands."""
    if '"precompiled_charsmap"' not in text:
        return
    try:
        for charsmap in _maps(json.loads(text)):
            check_charsmap(base64.b64decode(charsmap, validate=True))
    except (binascii.Error, RecursionError, TypeError, ValueError) as error:
        raise broken(f"The tokenizer's map of characters cannot be read: {error}") from error


def _maps(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if value.get("precompiled_charsmap"):
            yield value["precompiled_charsmap"]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _maps(part)


def _check_ids(vocab: Mapping[str, int]) -> None:
    """One row of a model for each id up to the highest; a file with three tokens must not ask for billions."""
    highest = max(vocab.values(), default=-1)
    if highest >= MAX_IDS:
        raise LimitReached(
            "tokenizer-too-large",
            f"The highest id is {highest:,}; a tokenizer may have {MAX_IDS:,} ids.",
            "Check that this is the file of a tokenizer.",
        )
    if highest < 0:
        raise broken("The tokenizer has no tokens.")


def _check_added(inner: tokenizers.Tokenizer, must_stay: bool) -> None:
    """Some spellings are looked for in the prepared text, so they are prepared too; nothing may be left of one.

    The library ends at the first text then. must_stay: a spelling that becomes another one gives other ids.
    """
    for token in inner.get_added_tokens_decoder().values():
        after = token.content
        if token.normalized and inner.normalizer is not None:
            after = inner.normalizer.normalize_str(token.content)
        if must_stay and after != token.content:
            raise unknown_kind(f"The token {token.content!r} is changed when texts are prepared.")
        if not after:
            raise broken(f"Nothing is left of the token {token.content!r} when texts are prepared.")


def _use(inner: tokenizers.Tokenizer) -> None:
    """Encode and decode a little of everything; whoever comes later must not be the first to find out."""
    for text in ("", " ", *ODD, *(probe for probes in PROBES.values() for probe in probes)):
        inner.decode(inner.encode(text, add_special_tokens=False).ids)


def _settings(folder: Path) -> dict[str, Any]:
    file = folder / SETTINGS_FILE
    if not file.is_file():
        return {}
    try:
        settings = json.loads(_decode(_read(file), file))
    except (RecursionError, ValueError) as error:
        raise broken(f"{file.name} is not JSON: {error}") from error
    return settings if isinstance(settings, dict) else {}


def _chat_template(folder: Path, settings: Mapping[str, Any]) -> str | None:
    """Beside the tokenizer in a file of its own, or among its settings, alone or as one of several by name."""
    file = folder / CHAT_TEMPLATE_FILE
    if file.is_file():
        return _decode(_read(file), file)
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
