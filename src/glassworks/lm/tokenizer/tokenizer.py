"""A tokenizer as an artifact: `tokenizer.json` (the standard format of the `tokenizers` library) and `roles.json`.

In: text. Out: token ids, and the text again. Byte-level tokenizers lose nothing: `decode_bytes(encode(x)) == x.encode()`
for every `x`; what other kinds lose, `losses.py` tells.
Unusual: special tokens are known by their role (`end`, `begin`, `user` ...), never by their spelling, and plain text
never becomes one, unless asked: `<|end|>` in a text is six ordinary characters and more.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import tokenizers

from glassworks.common.errors import BadData, InvalidSpec, NotFound
from glassworks.lm.tokenizer.bpe.encoding import NOT_TEXT
from glassworks.lm.tokenizer.byte_alphabet import to_characters
from glassworks.lm.tokenizer.encoders import Encoder, Ids, choose_encoder, num_usable_cores
from glassworks.lm.tokenizer.layout import Layout, read_layout
from glassworks.lm.tokenizer.token_bytes import bytes_of_tokens

TOKENIZER_FILE = "tokenizer.json"
ROLES_FILE = "roles.json"
CHAT_TEMPLATE_FILE = "chat_template.jinja"
ROLES_FORMAT = 1
PANIC = "PanicException"
T = TypeVar("T")


@dataclass(frozen=True)
class SpecialToken:
    """How a role is spelled (shown to people, never parsed from text) and its id."""

    token: str
    id: int


@dataclass(frozen=True)
class Ancestor:
    """A tokenizer that this one has grown from: its artifact id, and how many ids it had. They mean the same here."""

    tokenizer: str
    vocab_size: int


class Tokenizer:
    """Text to ids and back. Make one with `load_tokenizer`."""

    def __init__(
        self,
        inner: tokenizers.Tokenizer,
        roles: dict[str, SpecialToken],
        chat_template: str | None = None,
        grown_from: tuple[Ancestor, ...] = (),
    ) -> None:
        inner.encode_special_tokens = True  # read `<|end|>` in a text as plain text
        self._inner = inner
        self.roles = roles
        self.chat_template = chat_template
        self.grown_from = grown_from
        self.layout: Layout = read_layout(inner)
        self.special_ids: dict[str, int] = _special_ids(inner, roles)
        """Spelling -> id of every special token, those without a role too."""
        ids = [*self.layout.vocab.values(), *inner.get_added_tokens_decoder()]
        self.vocab_size: int = 1 + max(ids, default=-1)
        self.token_bytes: list[bytes] = bytes_of_tokens(
            inner, self.layout, self.special_ids, self.vocab_size
        )
        """The bytes that each id stands for; a special token stands for none."""
        single = [token for token in self.token_bytes if len(token) == 1]
        self._alphabet = b"".join(sorted(single))

    @property
    def is_lossless(self) -> bool:
        """Whether decoding gives back every text and all bytes: byte-level, with all 256 bytes."""
        return self.layout.is_byte_level and len(self._alphabet) == 256

    @property
    def encoder_name(self) -> str:
        """Which program encodes: `tiktoken`, where it is proven to agree, or `tokenizers`."""
        return self._encoder.name

    def encode(self, text: str, with_special: bool = False) -> list[int]:
        """Ids of a text. with_special: spellings of special tokens become those tokens; only for text of one's own.

        Raises BadData for half a character (a lone surrogate), and for one that the vocabulary cannot spell.
        """
        self._check(text)
        if not with_special:
            return self._encoder.encode(text)
        ids: list[int] = self._reading_specials.encode(text, add_special_tokens=False).ids
        return ids

    def character_spans(self, text: str, with_special: bool = False) -> list[tuple[int, int]]:
        """Which characters of the text each id of `encode` came from, as the library remembers it."""
        inner = self._reading_specials if with_special else self._inner
        found: list[tuple[int, int]] = inner.encode(text, add_special_tokens=False).offsets
        return found

    def encode_many(self, texts: Sequence[str]) -> list[list[int]]:
        """`encode` of many texts at once, on all threads that the process may use."""
        for text in texts:
            self._check(text)
        return self._encoder.encode_many(texts)

    def encode_arrays(self, texts: Sequence[str], num_threads: int | None = None) -> list[Ids]:
        """The ids of `encode_many` as arrays, for whole datasets: a Python number for each would take most of the time."""
        for text in texts:
            self._check(text)
        return self._encoder.encode_arrays(texts, num_threads or num_usable_cores())

    def encode_bytes(self, data: bytes) -> list[int]:
        """Ids of any bytes; stretches that are no UTF-8 are words of their own. Raises InvalidSpec where bytes are lost."""
        if not self.is_lossless:
            raise InvalidSpec(
                "not-byte-level",
                "This tokenizer reads text only; it has no token for every byte.",
                "Use a byte-level tokenizer (byte_bpe, byte) for bytes that are no text.",
            )
        ids: list[int] = []
        for index, part in enumerate(NOT_TEXT.split(data.decode("utf-8", "surrogateescape"))):
            if index % 2 == 0:
                ids += self._encoder.encode(part)
            else:
                word = to_characters(part.encode("utf-8", "surrogateescape"))
                ids += self.encode_word(word)
        return ids

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        """The exact bytes; special tokens stand for none."""
        if not self.layout.spells_bytes:
            return self.decode(ids).encode()
        return b"".join(self.token_bytes[id_] for id_ in ids)

    def decode(self, ids: Iterable[int]) -> str:
        """The text; bytes that are no UTF-8 (a character cut in two) become the replacement character."""
        if not self.layout.spells_bytes:
            text: str = self._inner.decode(list(ids), skip_special_tokens=True)
            return text
        return self.decode_bytes(ids).decode("utf-8", errors="replace")

    def piece(self, id_: int) -> str:
        """What one token adds to a text in whose midst it stands; half a character shows as the replacement character."""
        return self.token_bytes[id_].decode("utf-8", errors="replace")

    def role_id(self, role: str) -> int | None:
        """Id of the special token with this role, or None where the tokenizer has none."""
        special = self.roles.get(role)
        return None if special is None else special.id

    def spelling(self, id_: int) -> str:
        """How the vocabulary spells a token: a special token's name, `Ġthe` for ` the` in a byte-level one."""
        return self._inner.id_to_token(id_) or ""

    def cut(self, text: str) -> list[str]:
        """The words into which a text is cut before tokens are made, as the vocabulary spells them."""
        if self._inner.normalizer is not None:
            text = self._inner.normalizer.normalize_str(text)
        if self._inner.pre_tokenizer is None:
            return [text] if text else []
        return [word for word, _ in self._inner.pre_tokenizer.pre_tokenize_str(text)]

    def encode_word(self, word: str) -> list[int]:
        """Ids of one word of `cut`."""
        return [token.id for token in self._inner.model.tokenize(word)]

    def to_json(self) -> str:
        """The standard `tokenizer.json`."""
        text: str = self._inner.to_str(pretty=True)
        return text

    @cached_property
    def _encoder(self) -> Encoder:
        return choose_encoder(self._inner, self.layout, set(self.special_ids), self.token_bytes)

    @cached_property
    def _reading_specials(self) -> tokenizers.Tokenizer:
        return tokenizers.Tokenizer.from_str(self._inner.to_str())

    def _check(self, text: str) -> None:
        try:
            data = text.encode()
        except UnicodeEncodeError as error:
            raise BadData(
                "lone-surrogate",
                f"Character {error.start:,} of the text is half a character: {text[error.start]!r}.",
                "Read the text from its bytes again, as UTF-8.",
            ) from error
        if self.layout.is_byte_level and len(self._alphabet) < 256:
            self._check_alphabet(text, data)

    def _check_alphabet(self, text: str, data: bytes) -> None:
        if data.translate(None, self._alphabet):
            known = set(self._alphabet)
            offset, character = next(
                (i, c) for i, c in enumerate(text) if not known.issuperset(c.encode())
            )
            raise BadData(
                "text-outside-vocabulary",
                f"This tokenizer cannot spell {character!r} (character {offset:,} of the text).",
                f"It knows these characters only: {' '.join(map(chr, sorted(known)))}"
                if self._alphabet.isascii()
                else f"It has tokens for {len(known)} of the 256 bytes. Leave the character out.",
            )


def load_tokenizer(folder: Path) -> Tokenizer:
    """Read a `tokenizer` artifact. Raises NotFound or BadData."""
    try:
        text = (folder / TOKENIZER_FILE).read_text("utf-8")
        roles = json.loads((folder / ROLES_FILE).read_text("utf-8"))
    except FileNotFoundError as error:
        raise NotFound(
            "tokenizer-not-found",
            f"{folder} is not a tokenizer: {error.filename} is missing.",
            "A tokenizer is a folder with tokenizer.json and roles.json.",
            str(folder),
        ) from error
    except ValueError as error:
        raise _damaged(folder, error) from error
    inner = parse_tokenizer(text, folder)
    try:
        found = {role: SpecialToken(**entry) for role, entry in roles["roles"].items()}
        grown_from = tuple(Ancestor(**entry) for entry in roles.get("grown_from", ()))
    except (AttributeError, KeyError, TypeError) as error:
        raise _damaged(folder, error) from error
    for role, special in found.items():
        if inner.token_to_id(special.token) != special.id:
            what = f"the token of the role {role!r} has another id in {TOKENIZER_FILE}"
            raise _damaged(folder, ValueError(what))
    return Tokenizer(inner, found, _chat_template(folder), grown_from)


def parse_tokenizer(text: str, where: Path) -> tokenizers.Tokenizer:
    """The library's tokenizer out of the text of a `tokenizer.json`. Raises BadData."""
    return guarded(lambda: tokenizers.Tokenizer.from_str(text), where)


def guarded(use: Callable[[], T], where: Path) -> T:
    """What the library answers. Raises BadData where it cannot read or use a tokenizer's file.

    It raises the bare class then; for what it never thought of, one that is not even an `Exception`.
    """
    try:
        return use()
    except Exception as error:
        raise _damaged(where, error) from error
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise _damaged(where, error) from error


def save_tokenizer(
    folder: Path,
    inner: tokenizers.Tokenizer,
    roles: dict[str, str],
    chat_template: str | None = None,
    grown_from: Sequence[Ancestor] = (),
) -> Tokenizer:
    """Write a `tokenizer` artifact. roles: role -> spelling of a special token that `inner` has. grown_from: oldest first."""
    specials = {
        role: {"token": token, "id": inner.token_to_id(token)} for role, token in roles.items()
    }
    document: dict[str, Any] = {"format": ROLES_FORMAT, "roles": dict(sorted(specials.items()))}
    if grown_from:
        document["grown_from"] = [asdict(ancestor) for ancestor in grown_from]
    (folder / TOKENIZER_FILE).write_text(inner.to_str(pretty=True) + "\n", "utf-8")
    (folder / ROLES_FILE).write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    if chat_template is not None:
        (folder / CHAT_TEMPLATE_FILE).write_text(chat_template, "utf-8")
    return load_tokenizer(folder)


def _chat_template(folder: Path) -> str | None:
    file = folder / CHAT_TEMPLATE_FILE
    return file.read_text("utf-8") if file.exists() else None


def _special_ids(inner: tokenizers.Tokenizer, roles: dict[str, SpecialToken]) -> dict[str, int]:
    added = inner.get_added_tokens_decoder()
    special = {token.content: id_ for id_, token in added.items() if token.special}
    return special | {entry.token: entry.id for entry in roles.values()}


def _damaged(where: Path, error: BaseException) -> BadData:
    return BadData(
        "damaged-tokenizer",
        f"{where} does not hold a readable tokenizer: {error}",
        "Train the tokenizer again, or take the file from where it came once more.",
        str(where),
    )
