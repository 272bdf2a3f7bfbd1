"""Cut text into tokens.

In: a tokenizer, and a text or lines of JSON. Out: for each text one line with its token ids. Unusual: lines are answered in
batches, in their order, so a file may be larger than memory.
"""

from typing import Annotated

import typer

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption
from glassworks.cli.tokenizers import JsonlOption, TokenizerArgument

EXAMPLES = """
glassworks tokenizer encode first-model "To be, or not to be"
glassworks tokenizer encode plays-tokenizer --jsonl texts.jsonl --json
glassworks tokenizer encode tokenizer.json --jsonl - --json
"""


def command(
    tokenizer: TokenizerArgument,
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="The text.")] = None,
    *,
    jsonl: JsonlOption = None,
    with_special: Annotated[
        bool, typer.Option("--special", help="Read special tokens in the text as such.")
    ] = False,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Cut a text, or each line of a file, into token ids.

    A line of the file is {"text": "..."} or "...". With --json each answer is a line {"ids": [...]}.
    """
    from glassworks.cli.failures import print_json
    from glassworks.cli.tokenizers import LIMIT_S, batches, check_one_input, read_text
    from glassworks.engine.tokenizers import locate
    from glassworks.engine.workshop import Workshop

    check_one_input(text is not None, jsonl, "TEXT")
    with Workshop() as workshop:
        where = locate(workshop.store, tokenizer, project)
        for texts in [[text]] if jsonl is None else batches(jsonl, read_text):
            asked = {"tokenizer": where, "texts": texts, "with_special": with_special}
            found = workshop.tools.call("tokenizer_encode", asked, timeout_s=LIMIT_S)
            for result in found["results"]:
                if is_json:
                    print_json({"ids": result["ids"]})
                else:
                    typer.echo(" ".join(map(str, result["ids"])))
