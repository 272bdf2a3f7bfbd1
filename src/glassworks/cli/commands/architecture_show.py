"""Show an architecture: its document as YAML, and its versions.

In: a name, name@2, a preset or a file. Out: the complete document; `--json` gives versions too.
"""

from typing import Any

import typer

from glassworks.cli.architectures import ArchitectureArgument
from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks architecture show gpt2
glassworks architecture show my-model@1 --json
"""


def command(
    architecture: ArchitectureArgument,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Show an architecture as a file to start from; its versions go before it as comments."""
    from glassworks.cli.architectures import open_architecture
    from glassworks.cli.failures import print_json
    from glassworks.engine.architectures import KIND, LIMIT_S, show_architecture
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        named = open_architecture(workshop, architecture, project)
        asked = {"document": named.document, "format": "yaml"}
        text = workshop.tools.call("architecture_export", asked, LIMIT_S)["text"]
        name = named.label.removeprefix(f"{KIND}/").partition("@")[0]
        is_item = named.label.startswith(f"{KIND}/")
        versions = show_architecture(workshop.store, name, project)["versions"] if is_item else []
    if is_json:
        plain = [{k: v for k, v in one.items() if k != "document"} for one in versions]
        print_json({"label": named.label, "document": named.document, "versions": plain})
        return
    typer.echo(f"# {named.label}")
    for version in versions:
        typer.echo(f"# {_line(version)}")
    typer.echo(text, nl=False)


def _line(version: dict[str, Any]) -> str:
    note = f"  {version['note']}" if version["note"] else ""
    return f"version {version['version']}  {version['created_at'][:16]}{note}"
