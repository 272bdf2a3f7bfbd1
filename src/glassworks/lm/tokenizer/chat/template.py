"""From messages to text: the chat template of a tokenizer, and what keeps a message from posing as a special token.

In: a tokenizer and messages. Out: the text that the template writes.
Unusual: special tokens in that text may come from the template only. A user may write `<|end|>`; it stays the words that
they typed. So each spelling of a special token inside a message is broken by a mark before the template sees it, and the
marks are taken out again after the special tokens have been found.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tokenizers

from glassworks.common.errors import InvalidSpec
from glassworks.lm.tokenizer.chat.sandbox import GENERATION_END, GENERATION_START, run_template
from glassworks.lm.tokenizer.tokenizer import (
    TOKENIZER_FILE,
    Tokenizer,
    load_tokenizer,
    save_tokenizer,
)
from glassworks.specs.base import Spec

Role = Literal["system", "user", "assistant", "tool"]
MARK = "\ufdd0"
"""A code that Unicode promises never to use. Where a text has it all the same, it is left out."""
RESERVED = re.compile(f"[{MARK}{GENERATION_START}{GENERATION_END}]")

DEFAULT_TEMPLATE = """\
{%- for message in messages -%}
{%- if message.role not in tokens -%}
{{- raise_exception('The tokenizer has no special token for the role ' ~ message.role ~ '.') -}}
{%- endif -%}
{{- tokens[message.role] -}}
{%- if message.role == 'assistant' -%}
{%- generation -%}{{- message.content ~ tokens.end -}}{%- endgeneration -%}
{%- else -%}
{{- message.content ~ tokens.end -}}
{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- tokens.assistant -}}{%- endif -%}
"""
"""For a tokenizer with the roles end, user, assistant, and whichever of system and tool are used."""


class Message(Spec):
    """One turn. tool_calls: as in the OpenAI interface; None where there are none."""

    role: Role
    content: str
    tool_calls: tuple[dict[str, Any], ...] | None = None
    name: str | None = None


@dataclass(frozen=True)
class Piece:
    """A stretch of a rendered conversation. special: the id, where it is a special token."""

    text: str
    special: int | None = None
    is_generated: bool = False


def render(
    tokenizer: Tokenizer,
    messages: Sequence[Message],
    add_generation_prompt: bool = False,
    tools: Sequence[Mapping[str, Any]] | None = None,
) -> str:
    """The conversation as text. Raises InvalidSpec without a template, BadData or LimitReached for a bad one."""
    text = run_marked(tokenizer, messages, add_generation_prompt, tools)
    return RESERVED.sub("", text)


def run_marked(
    tokenizer: Tokenizer,
    messages: Sequence[Message],
    add_generation_prompt: bool = False,
    tools: Sequence[Mapping[str, Any]] | None = None,
) -> str:
    """The same, marks included: no special token's spelling in it comes from a message."""
    if tokenizer.chat_template is None:
        raise InvalidSpec(
            "no-chat-template",
            "This tokenizer has no chat template: it does not know how a conversation is written.",
            "Give it one; tokens for the roles user, assistant and end are needed first.",
        )
    guard = _Guard(tokenizer.special_ids)
    spelled = {role: special.token for role, special in tokenizer.roles.items()}
    values = {
        "messages": [guard.value(_as_table(message)) for message in messages],
        "tools": None if tools is None else guard.value(list(tools)),
        "tokens": spelled,
        "add_generation_prompt": add_generation_prompt,
        "bos_token": spelled.get("begin", ""),
        "eos_token": spelled.get("end", ""),
        "pad_token": spelled.get("pad", ""),
    }
    return run_template(tokenizer.chat_template, values)


def save_with_template(folder: Path, template: str, out: Path) -> Tokenizer:
    """Write to `out` the tokenizer of `folder` with this chat template, tried on a short conversation first."""
    before = load_tokenizer(folder)
    roles = before.roles
    inner = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tried = Tokenizer(inner, roles, template)
    render(tried, [Message(role="user", content="Hello"), Message(role="assistant", content="Hi")])
    spelled = {role: special.token for role, special in roles.items()}
    return save_tokenizer(out, inner, spelled, template, before.grown_from)


class _Guard:
    """Breaks the spelling of special tokens in text by a mark after the first character."""

    def __init__(self, specials: Mapping[str, int]) -> None:
        whole = sorted(specials, key=len, reverse=True)
        begun = {spelling[:end] for spelling in whole for end in range(1, len(spelling))}
        words = [*map(re.escape, whole)]
        ends = [rf"{re.escape(part)}\Z" for part in sorted(begun, key=len, reverse=True)]
        self._pattern = re.compile("|".join([*words, *ends])) if words else None

    def text(self, text: str) -> str:
        """The text with marks; also where it ends with the beginning of a special token."""
        text = RESERVED.sub("", text)
        if self._pattern is None:
            return text
        while (broken := self._pattern.sub(_break, text)) != text:
            text = broken
        return text

    def value(self, value: Any) -> Any:
        """All texts in a value, but for the role, which is one of four words."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {k: v if k == "role" else self.value(v) for k, v in value.items()}
        return [self.value(part) for part in value] if isinstance(value, list | tuple) else value


def _break(found: re.Match[str]) -> str:
    return found.group()[0] + MARK + found.group()[1:]


def _as_table(message: Message) -> dict[str, Any]:
    return {name: value for name, value in message.to_json().items() if value is not None}
