"""Show one thing in full: a run, an item, an artifact, a recipe or a stage.

In: a reference. Out: all its fields; `--yaml` prints a recipe as a file to start from.
"""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from glassworks.cli.options import JsonOption

EXAMPLES = """
glassworks show first-model
glassworks show first-model@1 --json
glassworks show run/first-model
glassworks show train_model
glassworks show first-model --yaml > my-recipe.yaml
"""


def command(
    ref: Annotated[
        str,
        typer.Argument(
            metavar="REF",
            help="A name, name@version, run:step, run/name, a recipe, a stage, or the beginning of an id.",
        ),
    ],
    is_yaml: Annotated[
        bool, typer.Option("--yaml", help="Print the recipe of this name as YAML.")
    ] = False,
    is_json: JsonOption = False,
) -> None:
    """Show one run, item, artifact, recipe or stage in full."""
    if is_yaml:
        _print_recipe(ref)
        return
    from glassworks import api
    from glassworks.cli.console import stdout
    from glassworks.cli.failures import print_json

    found = api.show(ref)
    if is_json:
        print_json(found)
        return
    if found["type"] == "run":
        _tell_results(found)
    for depth, name, value in lines_of(found):
        stdout().print(
            f"{'  ' * depth}{name}", style="quiet", end="" if value else "\n", soft_wrap=True
        )
        if value:
            stdout().print(f"  {value}", soft_wrap=True)


def _tell_results(found: dict[str, Any]) -> None:
    """The table of a sweep, and of each training what was expected beside what it came to; taken out of `found`."""
    from glassworks import api
    from glassworks.cli.console import stdout
    from glassworks.cli.display.promise import compared_lines
    from glassworks.cli.display.sweep_table import tell_table

    follower = api.watch(found["id"])
    follower.poll()
    plan = follower.spec.plan
    if plan is not None and plan.sweep is not None:
        tell_table(follower)
        stdout().print("")
    found["promised"] = compared_lines(follower)
    for node in found.get("nodes", ()):
        node.pop("predicted", None)
        node.pop("measured", None)


def lines_of(value: dict[str, Any], depth: int = 0) -> Iterator[tuple[int, str, str]]:
    """(depth, name, value as text) of each field, nested ones below their name; what is empty is left out."""
    for name, field in value.items():
        if field in (None, "", [], {}, ()):
            continue
        if isinstance(field, dict):
            yield depth, name, ""
            yield from lines_of(field, depth + 1)
        elif isinstance(field, list) and any(isinstance(entry, dict) for entry in field):
            yield depth, name, ""
            for entry in field:
                yield depth + 1, "-", ", ".join(_plain_fields(entry))
        else:
            yield depth, name, _plain(name, field)


def _plain_fields(entry: Any) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield str(entry)
        return
    for name, value in entry.items():
        if value not in (None, "", [], {}) and name not in ("type", "time"):
            yield f"{name} {_plain(name, value)}"


def _plain(name: str, value: Any) -> str:
    from glassworks.cli import numbers

    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return " ".join(f"{key}={_plain(key, inner)}" for key, inner in value.items())
    if name.endswith("_bytes") and isinstance(value, int):
        return numbers.size(value)
    if name.endswith("_s") and isinstance(value, int | float):
        return numbers.duration(value)
    return str(value)


def _print_recipe(name: str) -> None:
    import yaml

    from glassworks.flow.recipe import load_recipe

    recipe = load_recipe(name)
    text = yaml.safe_dump(
        recipe.model_dump(mode="json", exclude_defaults=True) | {"format": recipe.format},
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )
    typer.echo(text, nl=False)
