"""Show where a dataset comes from, what was done to it, and who uses it.

In: a reference. Out: its versions, each stage from the import on with documents before and after, what cleaning took out, the
parts of a split, and the runs and items that need it. `--documents` shows the first documents too.
"""

from typing import Annotated, Any

import typer

from glassworks.cli.datasets import DatasetArgument
from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks dataset show plays
glassworks dataset show plays@1 --documents 3
glassworks dataset show plays --json
"""
MAX_DOCUMENTS = 200


def command(
    ref: DatasetArgument,
    num_documents: Annotated[
        int,
        typer.Option(
            "--documents", metavar="N", min=0, max=MAX_DOCUMENTS, help="Show the first N too."
        ),
    ] = 0,
    offset: Annotated[
        int, typer.Option("--offset", metavar="N", min=0, help="Pass over N documents first.")
    ] = 0,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Show a dataset: versions, where it comes from, what was done to it, who uses it."""
    from glassworks.cli.failures import print_json
    from glassworks.engine.datasets import dataset_detail, find_dataset
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        found = find_dataset(workshop.store, ref, project)
        detail = dataset_detail(workshop.store, found, project)
        documents = []
        if num_documents:
            asked = {"folder": str(workshop.store.artifacts.path(found.artifact))}
            place = {"offset": offset, "limit": num_documents}
            documents = workshop.tools.call("read_documents", {**asked, **place})["documents"]
    if is_json:
        print_json({**detail, "documents": documents})
        return
    _print_head(detail)
    _print_steps(detail)
    _print_users(detail)
    _print_documents(documents)


def _print_head(detail: dict[str, Any]) -> None:
    from glassworks.cli.console import stdout
    from glassworks.cli.datasets import documents_and_size, when

    stdout().print(
        f"{detail['label']}: {documents_and_size(detail)}", style="title", soft_wrap=True
    )
    for version in detail["versions"]:
        words = f"  version {version['number']}  {documents_and_size(version)}, {when(version['created_at'])}"
        stdout().print(words, style="quiet", soft_wrap=True)


def _print_steps(detail: dict[str, Any]) -> None:
    from glassworks.cli import numbers
    from glassworks.cli.datasets import print_table, print_title

    def change(before: int | None, after: int | None) -> str:
        shown = ["" if count is None else numbers.exact(count) for count in (before, after)]
        return " -> ".join(filter(None, shown))

    if detail["lineage"]:
        print_title("Where it comes from")
        print_table(
            ("stage", "documents", "run", "settings"),
            [
                (
                    step["stage"],
                    change(step["documents_before"], step["documents_after"]),
                    step["run"],
                    ", ".join(f"{name} {value}" for name, value in step["settings"].items()),
                )
                for step in detail["lineage"]
            ],
        )
    if detail["cleaning"]:
        print_title("What cleaning did")
        print_table(
            ("step", "documents", "removed", "changed"),
            [
                (
                    step["kind"],
                    change(step["before"]["documents"], step["after"]["documents"]),
                    numbers.exact(step["removed"]),
                    numbers.exact(step["changed"]),
                )
                for step in detail["cleaning"]["steps"]
            ],
        )


def _print_users(detail: dict[str, Any]) -> None:
    from glassworks.cli.console import stdout
    from glassworks.cli.datasets import documents_and_size, print_title

    lines = [f"{part['part']}: {documents_and_size(part)}" for part in detail["parts"]]
    if lines:
        print_title("Parts")
    for line in lines:
        stdout().print(f"  {line}", soft_wrap=True)
    users = detail["used_by"]
    runs = [f"run {run['run']} ({run['name']}, {run['status']})" for run in users["runs"]]
    items = [f"{item['kind']}/{item['name']}@{item['version']}" for item in users["items"]]
    print_title("Used by" if runs or items else "Nobody uses it")
    for line in (*items, *runs):
        stdout().print(f"  {line}", soft_wrap=True)
    if detail["description"] is None:
        name = detail["label"].rpartition("/")[2]
        stdout().print(f"\n  glassworks dataset stats {name}", style="glass", soft_wrap=True)


def _print_documents(documents: list[dict[str, Any]]) -> None:
    from glassworks.cli import numbers
    from glassworks.cli.console import stdout
    from glassworks.cli.datasets import print_title

    for document in documents:
        size = numbers.size(document["num_bytes"])
        print_title(f"{document['ordinal']}  {document['id']}  {size}")
        stdout().print(document["text"] + ("…" if document["is_cut"] else ""), soft_wrap=True)
