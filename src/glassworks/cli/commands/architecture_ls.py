"""List architectures: those that have a name, and the presets.

In: nothing. Out: names with their sizes; presets are used as `preset:NAME` in a recipe.
"""

from typing import Any

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks architecture ls
glassworks architecture ls --json
"""


def command(project: ProjectOption = PROJECT, is_json: JsonOption = False) -> None:
    """List the architectures of a project, and the presets with their sizes."""
    from glassworks.cli.console import stdout
    from glassworks.cli.datasets import print_table, when
    from glassworks.cli.failures import print_json
    from glassworks.engine.architectures import list_architectures, presets
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        rows, known = list_architectures(workshop.store, project), presets(workshop.tools)
    if is_json:
        print_json({"architectures": rows, "presets": known})
        return
    if rows:
        print_table(
            ("name", "version", "layers", "width", "made"),
            [
                (r["name"], str(r["version"]), *_sizes(r["document"]), when(r["created_at"]))
                for r in rows
            ],
        )
        stdout().print("")
    print_table(
        ("preset", "family", "layers", "width", "parameters"),
        [(p["id"], p["family"], *_sizes(p["document"]), _exact(p["parameters"])) for p in known],
    )


def _sizes(document: dict[str, Any] | None) -> tuple[str, str]:
    return ("gone", "") if document is None else (str(document["layers"]), str(document["width"]))


def _exact(number: int) -> str:
    from glassworks.cli import numbers

    return numbers.exact(number)
