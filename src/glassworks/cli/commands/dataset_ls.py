"""List the datasets.

In: the store. Out: a line for each dataset that has a name, at its latest version.
"""

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks dataset ls
glassworks dataset ls --json
"""


def command(project: ProjectOption = PROJECT, is_json: JsonOption = False) -> None:
    """List the datasets of a project."""
    from glassworks.cli import numbers
    from glassworks.cli.console import stdout
    from glassworks.cli.datasets import print_table, when
    from glassworks.cli.failures import print_json
    from glassworks.engine.datasets import list_datasets
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        rows = list_datasets(workshop.store, project)
    if is_json:
        print_json({"datasets": rows})
        return
    if not rows:
        stdout().print("No dataset has a name yet. `glassworks dataset import PATH` makes one.")
        return
    print_table(
        ("name", "version", "documents", "text", "described", "made"),
        [
            (
                row["name"],
                str(row["version"]),
                "" if row["num_documents"] is None else numbers.exact(row["num_documents"]),
                ("" if row["num_bytes"] is None else numbers.size(row["num_bytes"]))
                if row["is_present"]
                else "gone",
                "yes" if row["description"] else "no",
                when(row["created_at"]),
            )
            for row in rows
        ],
    )
