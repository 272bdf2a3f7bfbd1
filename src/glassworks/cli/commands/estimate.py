"""What a recipe's training will need, before it runs.

In: a recipe. Out: parameters, work, memory and time; what is not known yet is said to be so.
"""

from typing import Any

from glassworks.cli.options import JsonOption, RecipeArgument, SetOption

EXAMPLES = """
glassworks estimate first-model
glassworks estimate first-model --set train.steps=10000
"""


def command(
    recipe: RecipeArgument, settings: SetOption = None, is_json: JsonOption = False
) -> None:
    """Tell what a recipe's training will need: parameters, work, memory and time.

    Times come from this machine's measured speed (`glassworks doctor`).
    """
    from glassworks import api
    from glassworks.cli.console import stdout
    from glassworks.cli.failures import print_json

    found = api.estimate(recipe, settings)
    if is_json:
        print_json(found)
        return
    if not found["nodes"]:
        stdout().print(f"{found['recipe']} trains nothing, so there is nothing to estimate.")
    for node, estimate in found["nodes"].items():
        stdout().print(f"{found['recipe']}, {node}", style="title")
        for name, text in rows(estimate):
            stdout().print(f"  {name:<22}", style="quiet", end="")
            stdout().print(text, soft_wrap=True)


def rows(estimate: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """(name, value with its unit) of each figure."""
    found = []
    for name in sorted(estimate, key=_place):
        value = estimate[name]
        if isinstance(value, dict):
            found += rows(value, prefix=f"{prefix}{name.removesuffix('_bytes')} ")
        else:
            plain = name.removesuffix("_bytes").removesuffix("_s").removeprefix("num_")
            unit = name if not prefix else f"{prefix}{name}"
            found.append((f"{prefix}{plain}".replace("_", " "), _value(unit, value)))
    return found


FIRST = ("parameters", "steps", "num_tokens", "training_flops", "time_s", "least_time_s", "total")


def _place(name: str) -> int:
    """What a person asks first stands first; the rest stays in its order."""
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _value(name: str, value: Any) -> str:
    from glassworks.cli import numbers

    if value is None:
        return "not known yet"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if "memory" in name or name.endswith("_bytes"):
        return numbers.size(value)
    if name.endswith("_s"):
        return numbers.duration(value)
    if "flops" in name:
        return numbers.flops(value)
    return numbers.count(value)
