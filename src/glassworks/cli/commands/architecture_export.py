"""Export an architecture: as YAML, as JSON, or as the `config.json` that the transformers library reads.

In: a name, a preset or a file. Out: the text on stdout, or a file.
"""

from pathlib import Path
from typing import Annotated, Literal

import typer

from glassworks.cli.architectures import ArchitectureArgument, VocabOption
from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks architecture export my-model > my-model.yaml
glassworks architecture export llama-tiny --format hub --output config.json
glassworks architecture export my-model --format json --json
"""


def command(
    architecture: ArchitectureArgument,
    form: Annotated[
        Literal["yaml", "json", "hub"], typer.Option("--format", help="hub: a config.json.")
    ] = "yaml",
    output: Annotated[
        Path | None, typer.Option("--output", help="The file to write; it must not exist.")
    ] = None,
    vocab_size: VocabOption = None,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Write an architecture for people, for programs, or for the transformers library."""
    from glassworks.cli.architectures import open_architecture
    from glassworks.cli.failures import print_json
    from glassworks.common.errors import Conflict
    from glassworks.engine.architectures import LIMIT_S
    from glassworks.engine.workshop import Workshop

    if output is not None and output.exists():
        raise Conflict("output-exists", f"{output} exists.", "Choose another file.", str(output))
    with Workshop() as workshop:
        document = open_architecture(workshop, architecture, project).document
        asked = {"document": document, "format": form, "vocab_size": vocab_size}
        text = workshop.tools.call("architecture_export", asked, LIMIT_S)["text"]
    if output is not None:
        output.write_text(text, encoding="utf-8")
    if is_json:
        print_json({"format": form, "text": text, "file": output and str(output.absolute())})
    elif output is None:
        typer.echo(text, nl=False)
