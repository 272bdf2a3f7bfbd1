"""Compare two datasets.

In: two references. Out: how many documents came, went, changed, were renamed and stayed, with examples.
"""

from typing import Annotated, Any

import typer

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks dataset diff plays@1 plays@2
glassworks dataset diff plays@1 plays --examples 20 --json
"""


def command(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="A dataset, as for show.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The other one.")],
    num_examples: Annotated[
        int, typer.Option("--examples", metavar="N", min=0, max=50, help="Examples of each kind.")
    ] = 5,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Compare two datasets, document by document: by id, and what has no partner there by its text."""
    from glassworks.cli.failures import print_json
    from glassworks.engine.dataset_tasks import compare_datasets
    from glassworks.engine.datasets import find_dataset
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        old = find_dataset(workshop.store, before, project)
        new = find_dataset(workshop.store, after, project)
        found = compare_datasets(workshop.store, old, new, num_examples)
    if is_json:
        print_json(found)
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    from glassworks.cli import numbers
    from glassworks.cli.console import stdout
    from glassworks.cli.datasets import one_line, print_title

    for side in (found["before"], found["after"]):
        size = numbers.size(side["num_bytes"])
        words = f"{side['label']}: {numbers.plural(side['num_documents'], 'document')}, {size}"
        stdout().print(words, soft_wrap=True)
    for kind in ("same", "changed", "renamed", "added", "removed"):
        stdout().print(f"  {kind:<8} {found[kind]:>10,}")
    examples = found["examples"]
    for kind, sign in (("added", "+"), ("removed", "-")):
        if examples[kind]:
            print_title(kind.capitalize())
        for one in examples[kind]:
            stdout().print(f"  {sign} {one['id']}  {one_line(one['text'])}", soft_wrap=True)
    if examples["changed"]:
        print_title("Changed")
    for one in examples["changed"]:
        stdout().print(f"  {one['id']}, from character {one['start']:,} on", soft_wrap=True)
        stdout().print(f"    - {one_line(one['before'], 160)}", soft_wrap=True)
        stdout().print(f"    + {one_line(one['after'], 160)}", soft_wrap=True)
    if examples["renamed"]:
        print_title("Renamed")
    for one in examples["renamed"]:
        stdout().print(f"  {one['before']} -> {one['after']}", soft_wrap=True)
