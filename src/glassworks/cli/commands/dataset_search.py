"""Search a dataset.

In: words. Out: how many documents hold them all, and the best of these, each with the piece of its text that shows the words.
"""

from typing import Annotated, Any

import typer

from glassworks.cli.datasets import DatasetArgument
from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks dataset search plays solid flesh
glassworks dataset search plays '"to be"' 'quest*' --limit 5
glassworks dataset search plays crown --json
"""


def command(
    ref: DatasetArgument,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORD...",
            help="All have to stand in a document; '\"in quotes\"' they follow each other, king* is a beginning.",
        ),
    ],
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="How many to show.")] = 10,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Pass over so many first.")] = 0,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Find the documents that hold some words. Case and accents do not matter; signs are no operators.

    The dataset has to be described first: `glassworks dataset stats REF` does that.
    """
    from glassworks.cli.failures import print_json
    from glassworks.engine.dataset_search import search_dataset
    from glassworks.engine.datasets import find_dataset
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        dataset = find_dataset(workshop.store, ref, project)
        tools, query = workshop.tools, " ".join(words)
        found = search_dataset(workshop.store, tools, dataset, query, limit, offset)
    if is_json:
        print_json(found)
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    from rich.text import Text

    from glassworks.cli import numbers
    from glassworks.cli.console import stdout

    documents = numbers.plural(found["num_documents"], "document")
    stdout().print(f"{numbers.exact(found['total'])} of {documents} hold them.", soft_wrap=True)
    for match in found["matches"]:
        stdout().print(f"\n{match['ordinal']}  {match['id']}", style="glass", soft_wrap=True)
        text = Text(match["text"].translate(BLANKS))
        for begin, end in match["marks"]:
            text.stylize("title", begin, end)
        before = "…" if match["start"] else ""
        goes_on = match["start"] + len(match["text"]) < match["num_characters"]
        stdout().print("  " + before, text, "…" if goes_on else "", sep="", soft_wrap=True)


BLANKS = str.maketrans("\n\r\t\v\f", "     ")
"""One for one, so that the marks stay where they are."""
