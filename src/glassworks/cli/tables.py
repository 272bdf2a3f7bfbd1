"""A plain table for a terminal; tabs for other programs, so that nothing is cut."""

from collections.abc import Sequence

from rich.console import Console


def print_table(
    console: Console,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    strong: Sequence[int] = (),
) -> None:
    """`strong`: numbers of the rows that stand out."""
    if not console.is_terminal:
        for cells in (heads, *rows):
            console.print("\t".join(cells), soft_wrap=True)
        return
    from rich.table import Table

    table = Table(box=None, header_style="quiet", pad_edge=True, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head, overflow="fold")
    for number, cells in enumerate(rows):
        table.add_row(*cells, style="title" if number in strong else "none")
    console.print(table)
