"""A conversation as the model reads it: `{tokenizer, messages, template?, special_tokens?}` -> `{text, pieces}`.

`template` and `special_tokens` (role -> spelling) are tried on a copy: nothing is saved. Each piece is a stretch of text with its
tokens; `is_trained` says whether a model learns to write it, which is so for the assistant's words.
"""

from copy import copy
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
        from glassworks.worker.ops._tokenizers import check_length, open_with_specials

        messages = _messages(args.messages)
        check_length(sum(len(message.content) for message in messages), MAX_CHARACTERS)
        tokenizer = copy(open_with_specials(args.tokenizer, args.special_tokens))
        tokenizer.chat_template = args.template or tokenizer.chat_template or DEFAULT_TEMPLATE
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
