"""List what there is: recipes, runs, items or stages.

In: which list. Out: a table, or with `--json` one object with the rows.
"""

from typing import Annotated, Any, Literal

import typer

from glassworks.cli.options import JsonOption

EXAMPLES = """
glassworks ls
glassworks ls recipes
glassworks ls items --json
"""
COLUMNS = {
    "recipes": ("name", "title", "nodes"),
    "runs": ("id", "name", "status", "created_at", "duration_s", "nodes"),
    "items": ("kind", "name", "version", "project", "run", "created_at"),
    "stages": ("name", "purpose"),
}
BROKEN = "a fault was put into each of these: find it"
EMPTY = {
    "runs": "No run yet. `glassworks run first-model` builds the first model.",
    "items": "Nothing has a name yet. `glassworks run first-model` makes a model that has one.",
}


def command(
    what: Annotated[
        Literal["recipes", "runs", "items", "stages"], typer.Argument(help="Which list.")
    ] = "runs",
    project: Annotated[
        str | None, typer.Option("--project", help="Only this project's runs or items.")
    ] = None,
    is_json: JsonOption = False,
) -> None:
    """List recipes, runs (newest first), items or stages."""
    from glassworks import api
    from glassworks.cli.failures import print_json

    rows = api.ls(what, project)
    if is_json:
        print_json({what: rows})
    else:
        _print_table(what, rows)


def _print_table(what: str, rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from glassworks.cli.console import stdout
    from glassworks.cli.display.ending import with_commands
    from glassworks.cli.display.summary import MARKS

    console = stdout()
    if not rows:
        console.print(with_commands(EMPTY.get(what, f"There are no {what}.")), soft_wrap=True)
        return
    names = COLUMNS[what]
    if not console.is_terminal:  # for other programs: tabs, nothing cut
        for row in rows:
            console.print("\t".join(_cell(name, row[name]) for name in names), soft_wrap=True)
        return
    table = Table(box=None, header_style="quiet", pad_edge=False, padding=(0, 3, 0, 0))
    for name in names:
        is_id = name in ("id", "name", "status", "version")
        table.add_column(
            HEADS.get(name, name), no_wrap=is_id, overflow="fold" if is_id else "ellipsis"
        )
    for number, row in enumerate(rows):
        if row.get("is_broken") and not rows[number - 1].get("is_broken"):
            table.add_section()
            table.add_row("to diagnose:", BROKEN, style="quiet")
        mark = MARKS.get(row.get("status", ""), ("", ""))[0]
        shown = row | {"status": f"{mark} {row['status']}"} if mark else row
        table.add_row(*(_cell(name, shown[name]) for name in names))
    console.print(table)


HEADS = {"created_at": "began", "duration_s": "took", "nodes": "stages", "id": "run"}


def _cell(name: str, value: Any) -> str:
    from glassworks.cli import numbers

    if value is None:
        return ""
    match name:
        case "duration_s":
            return numbers.duration(value)
        case "created_at":
            return str(value)[:16].replace("T", " ") + " UTC"
        case "nodes" if isinstance(value, dict):
            reused = sum(action == "reuse" for action in value.values())
            return f"{len(value)}, {reused} reused" if reused else str(len(value))
        case "nodes":
            return ", ".join(value)
    return str(value)
