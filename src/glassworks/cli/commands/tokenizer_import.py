"""Bring in a tokenizer that another program made.

In: a file, a folder, or the name of a known tokenizer. Out: a tokenizer in the store, under a name, with the same ids.
Unusual: what cannot be had with the same ids is refused.
"""

from typing import Annotated

import typer

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption, QuietOption

EXAMPLES = """
glassworks tokenizer import tokenizer.json --name mine
glassworks tokenizer import known:gpt2 --name gpt2
glassworks tokenizer import model.gguf --name smol --role end="<|im_end|>"
"""


def command(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|known:NAME",
            help="A tokenizer.json, a folder with one, a file of ranks, a SentencePiece model, a GGUF file, or known:gpt2.",
        ),
    ],
    name: Annotated[str, typer.Option("--name", help="Name of the tokenizer and of the run.")],
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="ROLE=TOKEN",
            help="Which special token plays a part: end, begin, user ... Without, guessed. Repeat for more.",
        ),
    ] = None,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
) -> None:
    """Bring in a tokenizer of another program, with the ids that it has there.

    The recipe that trains on it takes it by its name; the other commands about tokenizers too.
    """
    from glassworks import api
    from glassworks.cli.outcome import run_and_tell
    from glassworks.engine.importing import tokenizer_recipe

    recipe = tokenizer_recipe(file, _roles(role or []))
    code = run_and_tell(
        lambda stopper, on_open: api.run(
            recipe, None, name, project, stopper=stopper, on_open=on_open
        ),
        is_json,
        is_quiet,
    )
    raise typer.Exit(code)


def _roles(given: list[str]) -> dict[str, str]:
    """`end=</s>` as a table. Raises BadParameter."""
    pairs = [text.partition("=") for text in given]
    if any(not role or not token for role, _, token in pairs):
        raise typer.BadParameter("Give a role and its token: --role end=</s>.")
    return {role: token for role, _, token in pairs}
