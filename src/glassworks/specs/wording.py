"""What is wrong with a value, in the words of this house rather than those of the library that checks it.

In: one problem of a pydantic `ValidationError`. Out: half a sentence that goes on from the field's name: `steps: it must be at least 1, and is 0`.
"""

from typing import Any

SHOWN_CHARACTERS = 60
MUST_BE = {
    "whole number": ("int_type", "int_parsing", "int_from_float", "int_parsing_size"),
    "number": ("float_type", "float_parsing", "finite_number"),
    "text": ("string_type",),
    "list": ("list_type", "tuple_type", "set_type", "frozen_set_type"),
    "mapping of fields": ("dict_type", "model_type", "model_attributes_type", "dataclass_type"),
}
"""What is wanted -> the checks that say so."""
LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def words_of(problem: Any) -> str:
    """`problem`: one of `ValidationError.errors()`. What has no words here keeps the library's."""
    kind, given, about = problem["type"], problem["input"], problem.get("ctx", {})
    if "text" in about:  # inside a component, whose check has put it into words already
        return str(about["text"])
    if kind == "missing":
        return "it is missing"
    if kind == "extra_forbidden":
        return "there is no such field"
    if kind in LIMITS:
        name, words = LIMITS[kind]
        return f"it must be {words} {about[name]}, and is {_shown(given)}"
    if kind in ("bool_type", "bool_parsing"):
        return f"it must be true or false, and is {_shown(given)}"
    if kind in ("literal_error", "enum"):
        return f"it must be {about['expected']}, and is {_shown(given)}"
    if kind == "union_tag_invalid":
        tag = about["discriminator"].strip("'")
        return f"its {tag} must be one of {about['expected_tags']}, and is {about['tag']!r}"
    if kind == "union_tag_not_found":
        return f"it does not say its {about['discriminator'].strip(chr(39))}"
    for wanted, kinds in MUST_BE.items():
        if kind in kinds:
            article = "" if wanted == "text" else "a "
            return f"it must be {article}{wanted}, and is {_shown(given)}"
    message: str = problem["msg"]
    return message.removeprefix("Value error, ")


def _shown(value: Any) -> str:
    """A value as it was written, or what it is where that would be long."""
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple | set):
        return "a list"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
