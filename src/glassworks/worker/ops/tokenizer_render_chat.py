"""A conversation as the model reads it: `{tokenizer, messages, template?, special_tokens?}` -> `{text, pieces}`.

`template` and `special_tokens` (role -> spelling) are tried on a copy: nothing is saved. Each piece is a stretch of text with its
tokens; `is_trained` says whether a model learns to write it, which is so for the assistant's words.
"""

import tempfile
from pathlib import Path
from typing import Any

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

MAX_CHARACTERS = 100_000
MAX_MESSAGES = 200
MAX_SPECIALS = 100


class TokenizerRenderChat(Op):
    """Write a conversation with a chat template. Raises what a bad template, role or spelling raises."""

    class Args(Spec):
        tokenizer: str
        messages: tuple[dict[str, Any], ...] = Field(max_length=MAX_MESSAGES)
        template: str | None = Field(default=None, max_length=MAX_CHARACTERS)
        special_tokens: dict[str, str] = Field(default={}, max_length=MAX_SPECIALS)
        add_generation_prompt: bool = False

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.tokenizer.analysis.tokens import view_token
        from glassworks.lm.tokenizer.chat import DEFAULT_TEMPLATE, encode_chat
        from glassworks.worker.ops._tokenizers import check_length

        messages = _messages(args.messages)
        check_length(sum(len(message.content) for message in messages), MAX_CHARACTERS)
        tokenizer = _tried(args)
        if args.template is None and tokenizer.chat_template is None:
            tokenizer.chat_template = DEFAULT_TEMPLATE
        chat = encode_chat(tokenizer, messages, args.add_generation_prompt)
        pieces = []
        for piece in chat.pieces:
            ids = tokenizer.encode(piece.text) if piece.special is None else [piece.special]
            tokens = [view_token(tokenizer, id_).to_json() for id_ in ids]
            pieces.append({"text": piece.text, "is_trained": piece.is_generated, "tokens": tokens})
        return {
            "text": chat.text,
            "pieces": pieces,
            "num_tokens": len(chat.ids),
            "num_trained": sum(chat.is_trained),
            "template": tokenizer.chat_template,
            "vocab_size": tokenizer.vocab_size,
        }


def _messages(given: tuple[dict[str, Any], ...]) -> list[Any]:
    from pydantic import ValidationError

    from glassworks.lm.tokenizer.chat import Message
    from glassworks.specs.base import invalid_spec

    try:
        return [Message.model_validate(message) for message in given]
    except ValidationError as error:
        raise invalid_spec(error, "messages") from error


def _tried(args: TokenizerRenderChat.Args) -> Any:
    """A copy of the tokenizer with the special tokens and the template that are tried."""
    from glassworks.lm.tokenizer.specials import add_special_tokens
    from glassworks.lm.tokenizer.tokenizer import parse_tokenizer, save_tokenizer
    from glassworks.worker.ops._tokenizers import open_tokenizer

    kept = open_tokenizer(args.tokenizer)
    roles = {role: special.token for role, special in kept.roles.items()}
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before"), Path(folder, "after")
        before.mkdir()
        after.mkdir()
        inner = parse_tokenizer(kept.to_json(), before)
        save_tokenizer(before, inner, roles, args.template or kept.chat_template)
        return add_special_tokens(before, args.special_tokens, after)
