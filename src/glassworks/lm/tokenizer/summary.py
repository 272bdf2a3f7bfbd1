"""The few figures of a tokenizer that its manifest shows."""

from typing import Any

from glassworks.lm.tokenizer.tokenizer import Tokenizer


def summary_of(tokenizer: Tokenizer) -> dict[str, Any]:
    """kind, vocab_size, roles (role -> spelling), and whether it can write a conversation."""
    roles = {role: special.token for role, special in tokenizer.roles.items()}
    return {
        "kind": _kind(tokenizer),
        "vocab_size": tokenizer.vocab_size,
        "roles": roles,
        "has_chat_template": tokenizer.chat_template is not None,
    }


def _kind(tokenizer: Tokenizer) -> str:
    """Named as the trainers are, where one of them makes such a tokenizer."""
    model = tokenizer.layout.model
    if model == "BPE":
        return "byte_bpe" if tokenizer.layout.spells_bytes else "bpe"
    return {"WordPiece": "wordpiece", "Unigram": "unigram"}.get(model, model.lower())
