"""Write a dataset as a file.

In: a reference. Out: a new file that other programs read: JSON lines, CSV, parquet, or plain text.
"""

from pathlib import Path
from typing import Annotated, Literal

import typer

from glassworks.cli.datasets import DatasetArgument
from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks dataset export plays --output plays.jsonl
glassworks dataset export plays@1 --output table.csv
glassworks dataset export plays --output plays.data --format parquet --json
"""


def command(
    ref: DatasetArgument,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="The file to make.")],
    format_: Annotated[
        Literal["jsonl", "csv", "parquet", "txt"] | None,
        typer.Option("--format", help="What kind of file; without it the ending says."),
    ] = None,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Write all documents to one file.

    In CSV a cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return) gets an
    apostrophe in front; the other formats hold every text as it is.
    """
    from glassworks.cli import numbers
    from glassworks.cli.console import stdout
    from glassworks.cli.failures import print_json
    from glassworks.engine.dataset_file import format_of, write_dataset
    from glassworks.engine.datasets import find_dataset
    from glassworks.engine.workshop import Workshop

    chosen = format_of(output, format_)
    with Workshop() as workshop:
        found = find_dataset(workshop.store, ref, project)
        size = write_dataset(workshop.store.artifacts.path(found.artifact), chosen, output)
    if is_json:
        told = {"file": str(output.absolute()), "format": chosen, "size_bytes": size}
        print_json({**told, "label": found.label, "artifact": found.artifact})
        return
    stdout().print(f"{output}: {found.label}, {numbers.size(size)}", soft_wrap=True)
