"""Put tokens together into text.

In: a tokenizer, and token ids or lines of JSON. Out: for each list of ids one text; with `--json` also its exact bytes, since half
a character is no text.
"""

from typing import Annotated

import typer

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption
from glassworks.cli.tokenizers import JsonlOption, TokenizerArgument

EXAMPLES = """
glassworks tokenizer decode known:bytes 84 111 32 98 101
glassworks tokenizer decode first-model --jsonl ids.jsonl --json
glassworks tokenizer decode tokenizer.json --jsonl - --json
"""


def command(
    tokenizer: TokenizerArgument,
    ids: Annotated[list[int] | None, typer.Argument(metavar="[ID...]", help="Token ids.")] = None,
    *,
    jsonl: JsonlOption = None,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Turn token ids, or each line of a file, into text.

    A line of the file is {"ids": [1, 2]} or [1, 2]. With --json each answer is a line {"text": "...", "hex": "..."}.
    """
    from glassworks.cli.display.sample import printable
    from glassworks.cli.failures import print_json
    from glassworks.cli.tokenizers import LIMIT_S, batches, check_one_input, read_ids
    from glassworks.engine.tokenizers import locate
    from glassworks.engine.workshop import Workshop

    check_one_input(bool(ids), jsonl, "ids")
    with Workshop() as workshop:
        where = locate(workshop.store, tokenizer, project)
        for lists in [ids] if jsonl is None else batches(jsonl, read_ids):
            asked = {"tokenizer": where, "ids": [lists] if jsonl is None else lists}
            found = workshop.tools.call("tokenizer_decode", asked, timeout_s=LIMIT_S)
            for result in found["results"]:
                if is_json:
                    print_json(result)
                else:
                    typer.echo(printable(result["text"]))
