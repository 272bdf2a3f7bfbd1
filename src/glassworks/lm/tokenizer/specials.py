"""Special tokens after training: give a tokenizer new ones, under new ids at the end; the ids that it has stay.

In: the folder of a tokenizer, and spellings by role. Out: a new folder. A model that goes on with the new tokenizer needs
a longer embedding: as many new rows as there are new ids.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import tokenizers
from tokenizers import AddedToken

from glassworks.common.errors import InvalidSpec
from glassworks.lm.tokenizer.tokenizer import (
    TOKENIZER_FILE,
    Tokenizer,
    load_tokenizer,
    save_tokenizer,
)

ROLES = ("begin", "end", "pad", "mask", "user", "assistant", "system", "tool")
"""The roles that parts of the product look for. Any other name is a role of one's own."""
_ROLE = re.compile(r"[a-z][a-z0-9_]*")


def add_special_tokens(folder: Path, roles: Mapping[str, str], out: Path) -> Tokenizer:
    """Write to `out` the tokenizer of `folder` with these special tokens too. roles: role -> spelling.

    Raises InvalidSpec for a role that has another token, and for a spelling that is text or is taken.
    """
    before = load_tokenizer(folder)
    for role, spelling in roles.items():
        _check_role(before, role, spelling)
    if len(set(roles.values())) < len(roles):
        raise _not_free("Two roles are given the same spelling.")
    inner = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    inner = _with_tokens(inner, list(roles.values()), before.vocab_size)
    spelled = {role: special.token for role, special in before.roles.items()} | dict(roles)
    return save_tokenizer(out, inner, spelled, before.chat_template, before.grown_from)


def _with_tokens(
    inner: tokenizers.Tokenizer, spellings: list[str], num_ids: int
) -> tokenizers.Tokenizer:
    """The tokenizer with special tokens under the ids from `num_ids` on.

    Unusual: where a vocabulary has gaps, as GPT-4's has, the library gives other ids once the file is read again. There
    the new ones are written into the vocabulary too, which no text reaches without a merge.
    """
    new = [spelling for spelling in spellings if inner.token_to_id(spelling) is None]
    inner.add_special_tokens([AddedToken(spelling, special=True) for spelling in spellings])
    wanted = {spelling: num_ids + place for place, spelling in enumerate(new)}
    text = inner.to_str()
    again = tokenizers.Tokenizer.from_str(text)
    if all(again.token_to_id(spelling) == id_ for spelling, id_ in wanted.items()):
        return inner
    document = json.loads(text)
    document["model"]["vocab"].update(wanted)
    return tokenizers.Tokenizer.from_str(json.dumps(document))


def _check_role(tokenizer: Tokenizer, role: str, spelling: str) -> None:
    if _ROLE.fullmatch(role) is None:
        raise InvalidSpec(
            "bad-role",
            f"{role!r} is no name for a role.",
            f"Use small letters, digits and _. Known roles: {', '.join(ROLES)}.",
        )
    present = tokenizer.roles.get(role)
    if present is not None and present.token != spelling:
        raise InvalidSpec(
            "role-taken",
            f"The role {role!r} already belongs to {present.token!r}.",
            "Choose another role; what a model has learned of a token stays with it.",
        )
    _check_spelling(tokenizer, role, spelling)


def _check_spelling(tokenizer: Tokenizer, role: str, spelling: str) -> None:
    owners = [name for name, special in tokenizer.roles.items() if special.token == spelling]
    if not spelling.strip():
        raise _not_free("A special token needs a spelling.")
    if owners and owners != [role]:
        raise _not_free(f"{spelling!r} is the special token of the role {owners[0]!r}.")
    if spelling not in tokenizer.special_ids and (
        len(tokenizer.cut(spelling)) < 2 or spelling in tokenizer.layout.vocab
    ):
        raise _not_free(f"{spelling!r} is a word that a text may hold.")


def _not_free(message: str) -> InvalidSpec:
    return InvalidSpec(
        "special-token-taken",
        message,
        "Write a special token with signs and letters, such as <|user|>, a different one for each role.",
    )
