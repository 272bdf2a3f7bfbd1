"""A tokenizer as an artifact: `tokenizer.json` (the standard format of the `tokenizers` library) and `roles.json`.

In: text. Out: token ids, and exactly the same text again: `decode_bytes(encode(x)) == x.encode()` for every `x`.
Unusual: special tokens are known by their role (`end`, `begin`, `user` ...), never by their spelling, and plain text
never becomes one: `<|end|>` in a text is six ordinary characters and more.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tokenizers

from glassworks.common.errors import BadData, NotFound
from glassworks.lm.tokenizer.byte_alphabet import BYTE_OF_CHARACTER, to_bytes

TOKENIZER_FILE = "tokenizer.json"
ROLES_FILE = "roles.json"
ROLES_FORMAT = 1


@dataclass(frozen=True)
class SpecialToken:
    """How a role is spelled (shown to people, never parsed from text) and its id."""

    token: str
    id: int


class Tokenizer:
    """Text to ids and back. Make one with `load_tokenizer`."""

    def __init__(self, inner: tokenizers.Tokenizer, roles: dict[str, SpecialToken]) -> None:
        inner.encode_special_tokens = True  # read `<|end|>` in a text as plain text
        self._inner = inner
        self.roles = roles
        self.vocab_size: int = inner.get_vocab_size(with_added_tokens=True)
        self.token_bytes: list[bytes] = _token_bytes(inner, roles, self.vocab_size)
        """The bytes that each id stands for; a special token stands for none."""
        single = [token for token in self.token_bytes if len(token) == 1]
        self._alphabet = b"".join(sorted(single))

    def encode(self, text: str) -> list[int]:
        """Ids of plain text. Raises BadData for a character that the vocabulary cannot spell."""
        self._check_alphabet(text)
        ids: list[int] = self._inner.encode(text, add_special_tokens=False).ids
        return ids

    def encode_many(self, texts: Sequence[str]) -> list[list[int]]:
        """`encode` of many texts at once, on all threads that the process may use."""
        for text in texts:
            self._check_alphabet(text)
        found = self._inner.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in found]

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        """The exact bytes; special tokens stand for none."""
        return b"".join(self.token_bytes[id_] for id_ in ids)

    def decode(self, ids: Iterable[int]) -> str:
        """The text; bytes that are no UTF-8 (a character cut in two) become the replacement character."""
        return self.decode_bytes(ids).decode("utf-8", errors="replace")

    def role_id(self, role: str) -> int | None:
        """Id of the special token with this role, or None where the tokenizer has none."""
        special = self.roles.get(role)
        return None if special is None else special.id

    def _check_alphabet(self, text: str) -> None:
        if len(self._alphabet) == 256:
            return
        left = text.encode().translate(None, self._alphabet)
        if left:
            known = set(self._alphabet.decode("latin-1"))
            offset, character = next((i, c) for i, c in enumerate(text) if c not in known)
            raise BadData(
                "text-outside-vocabulary",
                f"This tokenizer cannot spell {character!r} (character {offset:,} of the text).",
                f"It knows these characters only: {' '.join(sorted(known))}",
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
    try:
        inner = tokenizers.Tokenizer.from_str(text)
        found = {role: SpecialToken(**entry) for role, entry in roles["roles"].items()}
        return Tokenizer(inner, found)
    except Exception as error:  # the library raises the bare class for a file that it cannot read
        raise _damaged(folder, error) from error


def save_tokenizer(folder: Path, inner: tokenizers.Tokenizer, roles: dict[str, str]) -> Tokenizer:
    """Write a `tokenizer` artifact. `roles`: role -> spelling of a special token that `inner` has."""
    specials = {
        role: {"token": token, "id": inner.token_to_id(token)} for role, token in roles.items()
    }
    document = {"format": ROLES_FORMAT, "roles": dict(sorted(specials.items()))}
    (folder / TOKENIZER_FILE).write_text(inner.to_str(pretty=True) + "\n", "utf-8")
    (folder / ROLES_FILE).write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    return load_tokenizer(folder)


def _damaged(folder: Path, error: Exception) -> BadData:
    return BadData(
        "damaged-tokenizer",
        f"{folder} does not hold a readable tokenizer: {error}",
        "Train the tokenizer again.",
        str(folder),
    )


def _token_bytes(
    inner: tokenizers.Tokenizer, roles: dict[str, SpecialToken], vocab_size: int
) -> list[bytes]:
    special = {entry.id for entry in roles.values()}
    spelled = [inner.id_to_token(id_) or "" for id_ in range(vocab_size)]
    return [
        b"" if id_ in special or not set(token) <= BYTE_OF_CHARACTER.keys() else to_bytes(token)
        for id_, token in enumerate(spelled)
    ]
