"""What the commands about datasets share: how one is named, and how counts and tables of them look."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

DatasetArgument = Annotated[
    str,
    typer.Argument(
        metavar="REF", help="A dataset: its name, name@2, a run that made one, or an id."
    ),
]


def documents_and_size(figures: dict[str, Any]) -> str:
    """`9,812 documents, 5.31 MB`; what is not known is left out."""
    from glassworks.cli import numbers

    words = []
    if figures["num_documents"] is not None:
        words.append(numbers.plural(figures["num_documents"], "document"))
    if figures["num_bytes"] is not None:
        words.append(numbers.size(figures["num_bytes"]))
    return ", ".join(words) if figures["is_present"] else "no longer in the store"


def when(time: str | None) -> str:
    """`2026-03-01 12:00 UTC`."""
    return f"{time[:16].replace('T', ' ')} UTC" if time else ""


def print_table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """A table; tabs, with nothing cut, where no person looks."""
    from rich.table import Table

    from glassworks.cli.console import stdout

    if not stdout().is_terminal:
        for row in rows:
            typer.echo("\t".join(cell.replace("\n", " ").replace("\t", " ") for cell in row))
        return
    table = Table(box=None, header_style="quiet", pad_edge=False, padding=(0, 3, 0, 0))
    for number, head in enumerate(heads):
        table.add_column(head, no_wrap=number == 0, overflow="fold" if number == 0 else "ellipsis")
    for row in rows:
        table.add_row(*row)
    stdout().print(table)


def print_title(words: str) -> None:
    """The head of a part, an empty line before it."""
    from glassworks.cli.console import stdout

    stdout().print(f"\n{words}", style="title", soft_wrap=True)


def one_line(text: str, width: int = 100) -> str:
    """A text in one line, cut at `width`."""
    words = " ".join(text.split())
    return words if len(words) <= width else f"{words[: width - 1]}…"
