"""Which columns hold what: guessed for the usual layouts, corrected by hand, refused where a row does not fit."""

from typing import Any

import pytest

from glassworks.common.errors import BadData
from glassworks.lm.text.mapping import ColumnMapping, guess_mapping, read_row

CHAT = [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "Stress."}]
SHARE = [{"from": "human", "value": "Why?"}, {"from": "gpt", "value": "Stress."}]


@pytest.mark.parametrize(
    ("row", "layout"),
    [
        ({"messages": CHAT, "source": "x"}, "messages"),
        ({"conversations": SHARE}, "sharegpt"),
        ({"instruction": "Why?", "input": "", "output": "Stress."}, "alpaca"),
        ({"Prompt": "Why?", "Completion": "Stress."}, "prompt_completion"),
        ({"question": "Why?", "answer": "Stress."}, "prompt_completion"),
    ],
)
def test_layouts_of_chats_are_guessed(row: dict[str, Any], layout: str) -> None:
    mapping = guess_mapping([row])
    assert mapping.layout == layout
    assert read_row(row, mapping) == ("user: Why?\n\nassistant: Stress.", CHAT)


def test_the_input_of_alpaca_stands_below_the_instruction() -> None:
    row = {"instruction": "Translate.", "input": "Glas", "output": "glass"}
    text, messages = read_row(row, guess_mapping([row]))
    assert messages and messages[0]["content"] == "Translate.\n\nGlas"
    assert text.startswith("user: Translate.\n\nGlas\n\nassistant: glass")


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([{"title": "a", "text": "long"}], "text"),
        ([{"Body": "words", "n": 3}], "Body"),
        ([{"short": "a", "notes": "a longer text"}, {"short": "b", "notes": "and more"}], "notes"),
        ([{"text": None, "other": "words"}], "other"),
    ],
)
def test_the_column_of_the_text_is_guessed(rows: list[dict[str, Any]], column: str) -> None:
    assert guess_mapping(rows) == ColumnMapping(layout="text", text=column)


def test_no_column_holds_text() -> None:
    with pytest.raises(BadData, match="The columns are: n, m"):
        guess_mapping([{"n": 1, "m": 2.5}])


@pytest.mark.parametrize(
    "row",
    [
        {"messages": "no list"},
        {"messages": []},
        {"messages": [{"role": "user"}]},
        {"messages": [{"content": "no role"}]},
        {},
    ],
)
def test_a_row_that_does_not_fit(row: dict[str, Any]) -> None:
    with pytest.raises(BadData, match="messages"):
        read_row(row, ColumnMapping(layout="messages", messages="messages"))
