"""Import an architecture from YAML, JSON or a hub's `config.json`, and keep it under a name.

In: a file. Out: the version; what the file asks for and our parts do not compute is said.
"""

from pathlib import Path
from typing import Annotated

import typer

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks architecture import config.json --name smollm
"""


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML, JSON or a config.json.")],
    name: Annotated[str, typer.Option("--name", help="The name to keep it under.")],
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Read an architecture in whichever form it is written, and keep it under a name."""
    from glassworks.cli.architectures import text_of
    from glassworks.cli.console import stderr, stdout
    from glassworks.cli.failures import print_json
    from glassworks.engine.architectures import LIMIT_S, save_architecture
    from glassworks.engine.server_link import find_server
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        asked = {"text": text_of(file)}
        read = workshop.tools.call("architecture_import", asked, LIMIT_S)
        note = f"imported from {file.name}"
        server = find_server(workshop.settings)
        if server is not None:
            body = {"name": name, "document": read["document"], "project": project, "note": note}
            found = server.call("POST", "/api/architectures", body)
        else:
            found = save_architecture(
                workshop.store, workshop.tools, name, read["document"], project, note
            )
    for remark in read["notes"]:
        stderr().print(remark)
    if is_json:
        about = {key: found[key] for key in ("name", "project", "version", "artifact")}
        print_json({**about, "format": read["format"], "notes": read["notes"]})
        return
    stdout().print(f"{name}@{found['version']} is saved.")
