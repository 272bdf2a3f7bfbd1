"""Delete a dataset, or one version of it.

In: name@2, or a name; with `--all` that of a dataset with several versions. Out: what went. Refused while a run uses it or something that has a name was made from it.
"""

from typing import Annotated

import typer

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks dataset rm plays@1
glassworks dataset rm plays --all --json
"""


def command(
    ref: Annotated[
        str, typer.Argument(metavar="NAME[@N]", help="Version N, or the only one there is.")
    ],
    is_all: Annotated[bool, typer.Option("--all", help="All versions.")] = False,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Delete a dataset that nobody needs. The history of its runs stays, and so does what the recipe was."""
    from urllib.parse import quote

    from glassworks.cli import numbers
    from glassworks.cli.console import stdout
    from glassworks.cli.failures import print_json
    from glassworks.engine.deleting import check_only, delete_dataset
    from glassworks.engine.server_link import find_server
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        if not is_all:
            check_only(workshop.store, ref, project)
        server = find_server(workshop.settings)
        if server is not None:
            name = quote(ref.removeprefix("dataset/"), safe="")
            path = f"/api/datasets/{name}?project={quote(project, safe='')}"
            gone = server.call("DELETE", path)
        else:
            gone = delete_dataset(workshop.store, ref, project)
    if is_json:
        print_json(gone)
        return
    versions = ", ".join(map(str, gone["versions"]))
    freed = numbers.size(gone["freed_bytes"])
    stdout().print(f"{gone['name']}: version {versions} deleted, {freed} freed.", soft_wrap=True)
