"""Save an architecture under a name, as a first or a further version.

In: a file, a preset or another architecture, and a name. Out: the version; a recipe takes it as `name@version`.
"""

from typing import Annotated

import typer

from glassworks.cli.architectures import ArchitectureArgument
from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks architecture save my-model.yaml --name my-model --note "one layer more"
glassworks run first-model --set train.architecture=my-model@1
"""


def command(
    architecture: ArchitectureArgument,
    name: Annotated[str, typer.Option("--name", help="The name to keep it under.")],
    note: Annotated[str, typer.Option("--note", help="A line about this version.")] = "",
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Check an architecture and keep it under a name; the same as the latest version adds none."""
    from glassworks.cli.architectures import open_architecture
    from glassworks.cli.console import stdout
    from glassworks.cli.failures import print_json
    from glassworks.engine.architectures import save_architecture
    from glassworks.engine.server_link import find_server
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        document = open_architecture(workshop, architecture, project).document
        server = find_server(workshop.settings)
        if server is not None:
            body = {"name": name, "document": document, "project": project, "note": note}
            found = server.call("POST", "/api/architectures", body)
        else:
            found = save_architecture(workshop.store, workshop.tools, name, document, project, note)
    if is_json:
        print_json({key: found[key] for key in ("name", "project", "version", "artifact")})
        return
    stdout().print(f"{name}@{found['version']} is saved.")
    stdout().print(
        f"  glassworks run first-model --set train.architecture={name}@{found['version']}",
        style="quiet",
    )
