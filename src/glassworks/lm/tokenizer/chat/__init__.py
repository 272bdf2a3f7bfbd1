"""Conversations as text and as tokens: a template writes them, and says which tokens are the assistant's.

sandbox.py   runs a template that nobody has checked, within limits
template.py  messages -> pieces: what the template wrote, and what came from the messages
mask.py      messages -> token ids, and for each whether the assistant wrote it
"""

from glassworks.lm.tokenizer.chat.mask import (
    EncodedChat,
    encode_chat,
    encode_prompt,
    turn_ends,
)
from glassworks.lm.tokenizer.chat.template import (
    DEFAULT_TEMPLATE,
    Message,
    render,
    save_with_template,
)

__all__ = [
    "DEFAULT_TEMPLATE",
    "EncodedChat",
    "Message",
    "encode_chat",
    "encode_prompt",
    "render",
    "save_with_template",
    "turn_ends",
]
