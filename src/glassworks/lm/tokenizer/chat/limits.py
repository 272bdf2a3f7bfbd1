"""How large things may get in a chat template, and the operations that make large things, measured before they are done.

The size of a text is its length, that of a list or table the sum of what is in it: what it would fill if it were written.
"""

import json
from typing import Any

from glassworks.common.errors import LimitReached

MAX_SIZE = 1_000_000
MAX_RANGE = 10_000
MAX_NUMBER = 10**9


def size_of(value: Any) -> int:
    """The size of a value; stops counting beyond the limit."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if not isinstance(value, list | tuple):
        return 1
    size = 1
    for part in value:
        size += size_of(part)
        if size > MAX_SIZE:
            break
    return size


def measured(value: Any) -> Any:
    """The value itself, if it is not too large."""
    check_size(size_of(value))
    return value


def check_size(size: int) -> None:
    """Raises LimitReached for a size beyond the limit."""
    if size > MAX_SIZE:
        raise too_much(f"The template makes more than {MAX_SIZE:,} characters.")


def check_operation(operator: str, left: Any, right: Any) -> None:
    """Raises LimitReached where `left operator right` would be too large; text with `%` may be of any width."""
    containers = [s for s in (left, right) if isinstance(s, str | bytes | list | tuple | dict)]
    numbers = [s for s in (left, right) if isinstance(s, int | float)]
    if operator == "%" and containers:
        raise too_much("`text % value` is not available in a chat template; use ~.")
    if operator in {"*", "**"} and any(abs(number) > MAX_NUMBER for number in numbers):
        raise too_much("A number in the template grows beyond all bounds.")
    if operator == "**" and any(abs(number) > 64 for number in numbers):
        raise too_much("A number in the template grows beyond all bounds.")
    if operator == "+":
        check_size(sum(map(size_of, containers)))
    if operator == "*" and containers and numbers:
        check_size(size_of(containers[0]) * int(numbers[0]))


def short_range(*args: int) -> range:
    """`range`, for loops that end."""
    found = range(*args)
    if len(found) > MAX_RANGE:
        raise too_much(f"A loop in the template has more than {MAX_RANGE:,} rounds.")
    return found


def replace(text: Any, old: Any, new: Any, count: int = -1) -> str:
    """`text.replace`."""
    whole, part, instead = str(text), str(old), str(new)
    check_size(len(whole) + whole.count(part) * len(instead))
    return whole.replace(part, instead, -1 if count is None else count)


def join(values: Any, separator: Any = "", attribute: str | None = None) -> str:
    """The values as texts with the separator between them."""
    parts = [value if attribute is None else value[attribute] for value in values]
    check_size(sum(map(size_of, parts)) + len(parts) * len(str(separator)))
    return str(separator).join(str(part) for part in parts)


def to_json(value: Any, indent: int | None = None) -> str:
    """JSON with all characters as they are, as the hub's templates expect it."""
    return json.dumps(value, ensure_ascii=False, indent=None if indent is None else min(indent, 8))


def too_much(message: str) -> LimitReached:
    """The error of every limit of a template."""
    return LimitReached(
        "template-too-large", message, "Use a template that writes each message once and stops."
    )
