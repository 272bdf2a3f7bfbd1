"""Rows into texts and conversations: which columns hold what, guessed, shown to people, and corrected by them.

In: rows (JSON objects, lines of a table). Out: a text, and for chats `messages`, a list of `{role, content}`. A chat's text
is its plain rendering, `role: content` with an empty line between two messages; a chat template renders the messages anew.

The layouts of chats: `messages` (OpenAI's: role, content), `sharegpt` (conversations of from, value), `alpaca`
(instruction, input, output), `prompt_completion`.
"""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import BadData
from glassworks.specs.base import Config

Layout = Literal["auto", "text", "messages", "sharegpt", "alpaca", "prompt_completion"]

ROLES = {"human": "user", "gpt": "assistant", "bot": "assistant", "model": "assistant"}
LIST_COLUMNS = ("messages", "conversations", "conversation", "dialogue")
TEXT_COLUMNS = ("text", "content", "body", "document", "article", "story", "passage", "markdown")
PROMPT_COLUMNS = ("prompt", "question", "query", "input", "instruction")
COMPLETION_COLUMNS = ("completion", "response", "answer", "output", "canonical_solution")
LOOKED_AT = 50
"""Rows that a guess is made from."""


class ColumnMapping(Config):
    """Which columns are read as what. `auto` guesses from the first rows of each file."""

    layout: Layout = Field(default="auto", description="What a row is; `auto` guesses.")
    text: str = Field(default="", description="Column of the text.")
    messages: str = Field(default="", description="Column of the list of messages.")
    prompt: str = Field(default="", description="Column of what is asked.")
    context: str = Field(
        default="",
        description="Column that stands below what is asked (Alpaca's input); may be empty.",
    )
    completion: str = Field(default="", description="Column of what is answered.")
    name: str = Field(default="", description="Column of the document's id; empty: numbered.")
    group: str = Field(
        default="", description="Column that ties together what a split must not tear apart."
    )


def guess_mapping(rows: Iterable[dict[str, Any]]) -> ColumnMapping:
    """The mapping that fits the first rows. Raises BadData when no column holds text."""
    seen = [row for row, _ in zip(rows, range(LOOKED_AT), strict=False)]
    columns = list(dict.fromkeys(column for row in seen for column in row))
    by_name = {column.lower(): column for column in columns}

    def first(names: tuple[str, ...]) -> str:
        return next((by_name[name] for name in names if name in by_name), "")

    if (column := first(LIST_COLUMNS)) and (layout := _list_layout(seen, column)):
        return ColumnMapping(layout=layout, messages=column)
    if {"instruction", "output"} <= set(by_name):
        context = by_name.get("input", "")
        return ColumnMapping(
            layout="alpaca",
            prompt=by_name["instruction"],
            context=context,
            completion=by_name["output"],
        )
    if (text := first(TEXT_COLUMNS)) and _is_text(seen, text):
        return ColumnMapping(layout="text", text=text)
    prompt, completion = first(PROMPT_COLUMNS), first(COMPLETION_COLUMNS)
    if prompt and completion:
        return ColumnMapping(layout="prompt_completion", prompt=prompt, completion=completion)
    return ColumnMapping(layout="text", text=_longest(seen, columns))


def read_row(
    row: dict[str, Any], mapping: ColumnMapping
) -> tuple[str, list[dict[str, str]] | None]:
    """The text of a row, and its messages if it is a chat. Raises BadData when it does not fit the mapping."""
    if mapping.layout == "text":
        return _text_of(row, mapping.text), None
    if mapping.layout in ("alpaca", "prompt_completion"):
        asked = [_text_of(row, mapping.prompt)]
        if mapping.context and row.get(mapping.context):
            asked.append(_text_of(row, mapping.context))
        messages = [
            {"role": "user", "content": "\n\n".join(asked)},
            {"role": "assistant", "content": _text_of(row, mapping.completion)},
        ]
    else:
        messages = _messages(row, mapping)
    return plain(messages), messages


def plain(messages: list[dict[str, str]]) -> str:
    """A conversation as a text that any model can read."""
    return "\n\n".join(f"{message['role']}: {message['content']}" for message in messages)


def _messages(row: dict[str, Any], mapping: ColumnMapping) -> list[dict[str, str]]:
    role, content = ("from", "value") if mapping.layout == "sharegpt" else ("role", "content")
    found = row.get(mapping.messages)
    if not isinstance(found, list) or not found:
        raise _misfit(mapping.messages, "holds no list of messages")
    messages = []
    for message in found:
        if not isinstance(message, dict) or not isinstance(message.get(content), str):
            raise _misfit(mapping.messages, f"holds a message without a text in {content!r}")
        said = str(message.get(role) or "")
        if not said:
            raise _misfit(mapping.messages, f"holds a message without a {role!r}")
        messages.append({"role": ROLES.get(said, said), "content": message[content]})
    return messages


def _text_of(row: dict[str, Any], column: str) -> str:
    value = row.get(column)
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise _misfit(column, "holds no text")
    return str(value)


def _list_layout(rows: list[dict[str, Any]], column: str) -> Layout | None:
    for row in rows:
        value = row.get(column)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            if "value" in value[0] and "from" in value[0]:
                return "sharegpt"
            if "content" in value[0] and "role" in value[0]:
                return "messages"
    return None


def _is_text(rows: list[dict[str, Any]], column: str) -> bool:
    return any(isinstance(row.get(column), str) and row[column].strip() for row in rows)


def _longest(rows: list[dict[str, Any]], columns: list[str]) -> str:
    """The column with the longest texts. Raises BadData when there is none."""
    sizes = {
        column: sum(len(row[column]) for row in rows if isinstance(row.get(column), str))
        for column in columns
    }
    best = max(sizes, key=lambda column: sizes[column], default="")
    if not best or not sizes[best]:
        raise BadData(
            "no-text-column",
            f"No column holds text. The columns are: {', '.join(columns[:20]) or 'none'}.",
            "Choose a column by hand (mapping.text).",
        )
    return best


def _misfit(column: str, what: str) -> BadData:
    return BadData(
        "row-does-not-fit",
        f"The column {column!r} {what}.",
        "Change the mapping of the columns, or leave the file out.",
        column,
    )
