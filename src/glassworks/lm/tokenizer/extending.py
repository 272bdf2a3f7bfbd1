"""Extending a tokenizer: more special tokens, a chat template, and the note of what it has grown from.

In: the folder of a tokenizer with its artifact id. Out: a new folder. All ids stay, new ones come at the end; so a model
of the old tokenizer can go on with the new one, once its embedding is longer, and the note proves it.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import tokenizers

from glassworks.lm.tokenizer.chat import DEFAULT_TEMPLATE, save_with_template
from glassworks.lm.tokenizer.specials import add_special_tokens
from glassworks.lm.tokenizer.tokenizer import (
    TOKENIZER_FILE,
    Ancestor,
    Tokenizer,
    load_tokenizer,
    save_tokenizer,
)

CHAT_ROLES = {"user", "assistant", "end"}
"""What the plain template cannot do without."""


def extend_tokenizer(
    folder: Path, out: Path, roles: Mapping[str, str], chat_template: str, folder_id: str
) -> Tokenizer:
    """Write to `out` the tokenizer of `folder` with more special tokens (role -> spelling) and a chat template.

    chat_template: empty keeps the one that is there; where there is none, and the roles of a conversation are there, a
    plain one is written. folder_id: the artifact id of `folder`, kept in the new one's list of ancestors.
    Raises InvalidSpec for a role or spelling that is taken, BadData or LimitReached for a template that does not work.
    """
    before = load_tokenizer(folder)
    with tempfile.TemporaryDirectory() as name:
        step = Path(name)
        longer = add_special_tokens(folder, roles, step)
        template = chat_template or _template_of(longer)
        if template is not None and template != longer.chat_template:
            longer = save_with_template(step, template, step)
        inner = tokenizers.Tokenizer.from_file(str(step / TOKENIZER_FILE))
    ancestors = (*before.grown_from, Ancestor(folder_id, before.vocab_size))
    spelled = {role: special.token for role, special in longer.roles.items()}
    return save_tokenizer(out, inner, spelled, longer.chat_template, ancestors)


def ids_known_before(tokenizer: Tokenizer, tokenizer_id: str, older_id: str) -> int | None:
    """How many of this tokenizer's ids mean the same in the one with `older_id`; None: the two are strangers."""
    if older_id == tokenizer_id:
        return tokenizer.vocab_size
    sizes = {ancestor.tokenizer: ancestor.vocab_size for ancestor in tokenizer.grown_from}
    return sizes.get(older_id)


def _template_of(tokenizer: Tokenizer) -> str | None:
    has_roles = tokenizer.roles.keys() >= CHAT_ROLES
    return tokenizer.chat_template or (DEFAULT_TEMPLATE if has_roles else None)
