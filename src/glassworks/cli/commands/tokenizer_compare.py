"""Set tokenizers side by side.

In: two to four tokenizers, and texts of your own or none. Out: tokens and bytes per token of each, with intervals where there are
enough texts. Without texts they are compared on short texts of six kinds, the same in every installation.
"""

from typing import Annotated, Any

import typer

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption
from glassworks.cli.tokenizers import JsonlOption

EXAMPLES = """
glassworks tokenizer compare first-model known:bytes
glassworks tokenizer compare plays-tokenizer tokenizer.json --text "To be, or not to be"
glassworks tokenizer compare plays-tokenizer known:bytes --jsonl texts.jsonl --json
"""
MIN_TOKENIZERS, MAX_TOKENIZERS = 2, 4


def command(
    tokenizers: Annotated[
        list[str],
        typer.Argument(metavar="REF|FILE...", help="Two to four tokenizers, as for encode."),
    ],
    *,
    text: Annotated[str | None, typer.Option("--text", help="Compare on this text.")] = None,
    jsonl: JsonlOption = None,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Compare how many tokens each tokenizer makes of the same texts."""
    from glassworks.cli.failures import print_json
    from glassworks.cli.tokenizers import LIMIT_S
    from glassworks.engine.tokenizers import locate
    from glassworks.engine.workshop import Workshop

    _check(tokenizers, text, jsonl)
    texts = _texts(text, jsonl)
    with Workshop() as workshop:
        where = {name: locate(workshop.store, name, project) for name in tokenizers}
        asked = {"tokenizers": where, "texts": texts or (), "has_probes": texts is None}
        found = workshop.tools.call("tokenizer_compare", asked, timeout_s=LIMIT_S)
    rows = found["probes"] if texts is None else found["rows"]
    if is_json:
        print_json({"rows": rows})
    else:
        _print(rows)


def _check(tokenizers: list[str], text: str | None, jsonl: str | None) -> None:
    if not MIN_TOKENIZERS <= len(tokenizers) <= MAX_TOKENIZERS:
        raise typer.BadParameter("Give two to four tokenizers.")
    if len(set(tokenizers)) < len(tokenizers):
        raise typer.BadParameter("Give each tokenizer once.")
    if text is not None and jsonl is not None:
        raise typer.BadParameter("Give either --text or --jsonl FILE.")


def _texts(text: str | None, jsonl: str | None) -> list[str] | None:
    """The texts that were given; None where none were. Raises BadParameter where they hold nothing."""
    from glassworks.cli.tokenizers import lines, read_text

    if text is None and jsonl is None:
        return None
    texts = [text] if text is not None else list(lines(jsonl or "", read_text))
    if not any(texts):
        raise typer.BadParameter("There is no text to compare on.")
    return texts


def _print(rows: list[dict[str, Any]]) -> None:
    from glassworks.cli.numbers import plural

    width = max(len(row["tokenizer"]) for row in rows)
    group = ""
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            typer.echo(f"{group}: {plural(row['num_texts'], 'text')}, {row['num_bytes']:,} bytes")
        told = _bytes_per_token(**row["bytes_per_token"]) + _lost(row["lost_share"])
        typer.echo(f"  {row['tokenizer']:<{width}}  {row['num_tokens']:>9,} tokens  {told}")


def _lost(share: float) -> str:
    """Only what can be read in whole percents is told."""
    return f", {share:.0%} of the letters lost".replace("%", " %") if share >= 0.005 else ""


def _bytes_per_token(value: float | None, low: float | None, high: float | None) -> str:
    """A tokenizer that knows none of the characters may drop them all."""
    if value is None:
        return "drops all of it"
    between = "" if low is None else f" ({low:.2f} to {high:.2f})"
    return f"{value:.2f} bytes/token{between}"
