"""Show how a text is cut, step by step.

In: a tokenizer and a text of at most 5,000 characters. Out: its words with their tokens, then each merge in the order in which
the tokenizer learned it.
"""

from typing import Annotated, Any

import typer

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption
from glassworks.cli.tokenizers import TokenizerArgument

EXAMPLES = """
glassworks tokenizer trace first-model "the king"
glassworks tokenizer trace plays-tokenizer "the king" --json
"""


def command(
    tokenizer: TokenizerArgument,
    text: Annotated[str, typer.Argument(help="The text.")],
    *,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Show the words of a text, their tokens, and every merge that makes them."""
    from glassworks.cli.failures import print_json
    from glassworks.cli.tokenizers import LIMIT_S
    from glassworks.engine.tokenizers import locate
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        where = locate(workshop.store, tokenizer, project)
        asked = {"tokenizer": where, "text": text}
        found = workshop.tools.call("tokenizer_trace", asked, timeout_s=LIMIT_S)
    if is_json:
        print_json({name: found[name] for name in ("words", "merges", "base_ids", "ids")})
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    """Numbers of merges count from 0, as in `--json`. Spellings of bytes are those of tokenizer.json (`Ġ` is a space)."""
    typer.echo("Words")
    for word in found["words"]:
        tokens = " ".join(f"{_shown(t['text'])}={t['id']}" for t in word["tokens"])
        typer.echo(f"  {_shown(word['text'])}  {tokens}")
    typer.echo("Merges")
    for merge in found["merges"]:
        word = _shown(found["words"][merge["word"]]["text"])
        typer.echo(f"  {merge['rank']:>6}  {merge['left']} + {merge['right']}  in {word}")
    typer.echo(f"{len(found['ids'])} tokens: {' '.join(map(str, found['ids']))}")


def _shown(text: str) -> str:
    """In quotes, line ends and control characters escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in f'"{text}"')
