"""Problems with values are told in this house's words, each with what was given."""

from typing import Any, Literal

import pytest
from pydantic import Field, ValidationError

from glassworks.specs.base import Spec, invalid_spec
from glassworks.specs.wording import words_of


class Inner(Spec):
    depth: int


class Example(Spec):
    steps: int = Field(default=1, ge=1, le=10)
    rate: float = Field(default=0.5, gt=0, lt=1)
    is_fast: bool = True
    name: str = "a"
    kind: Literal["fast", "slow"] = "fast"
    places: tuple[int, ...] = ()
    inner: Inner = Inner(depth=1)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"steps": 0}, "it must be at least 1, and is 0"),
        ({"steps": 11}, "it must be at most 10, and is 11"),
        ({"steps": "many"}, "it must be a whole number, and is 'many'"),
        ({"steps": 1.5}, "it must be a whole number, and is 1.5"),
        ({"steps": None}, "it must be a whole number, and is empty"),
        ({"rate": 0}, "it must be more than 0.0, and is 0"),
        ({"rate": 1}, "it must be less than 1.0, and is 1"),
        ({"rate": [1]}, "it must be a number, and is a list"),
        ({"rate": float("nan")}, "it must be a number, and is nan"),
        ({"is_fast": "perhaps"}, "it must be true or false, and is 'perhaps'"),
        ({"name": {"a": 1}}, "it must be text, and is a mapping"),
        ({"kind": "middling"}, "it must be 'fast' or 'slow', and is 'middling'"),
        ({"places": 3}, "it must be a list, and is 3"),
        ({"inner": True}, "it must be a mapping of fields, and is true"),
        ({"inner": {}}, "it is missing"),
        ({"depth": 1}, "there is no such field"),
    ],
)
def test_in_plain_words(document: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Example.model_validate(document)
    assert words_of(caught.value.errors()[0]) == words


def test_a_long_value_is_cut() -> None:
    with pytest.raises(ValidationError) as caught:
        Example.model_validate({"steps": "x" * 1000})
    assert len(words_of(caught.value.errors()[0])) < 120


def test_a_missing_field_is_to_be_added() -> None:
    with pytest.raises(ValidationError) as caught:
        Example.model_validate({"inner": {}})
    error = invalid_spec(caught.value, "example")
    assert (error.message, error.hint) == ("example: inner.depth: it is missing", "Add it.")
