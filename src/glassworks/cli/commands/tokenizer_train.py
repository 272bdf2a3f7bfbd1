"""Learn a tokenizer from files.

In: files and folders of text, and a number of tokens. Out: a new folder with `tokenizer.json` and `roles.json`, which every
other command about tokenizers takes. How far it is stands on stderr. Unusual: nothing goes into the
store; a recipe does that.
"""

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from glassworks.cli.options import JsonOption

EXAMPLES = """
glassworks tokenizer train plays.txt --vocab-size 2048 --output plays-tokenizer
glassworks tokenizer train letters notes.md --vocab-size 8192 --output mine --json
"""
TRAIN_LIMIT_S = 7 * 24 * 3600.0
"""A person stops it sooner, with Ctrl-C, which ends the helper."""


def command(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files, folders or archives of text.")
    ],
    vocab_size: Annotated[
        int, typer.Option("--vocab-size", metavar="N", help="Tokens: special, 256 bytes, merges.")
    ],
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="The folder to make.")],
    is_json: JsonOption = False,
) -> None:
    """Learn a byte-level BPE tokenizer from files, folders or archives."""
    from glassworks.cli import numbers
    from glassworks.cli.console import stderr, stdout
    from glassworks.cli.display.progress import ProgressLine
    from glassworks.cli.failures import print_json
    from glassworks.engine.export import check_target
    from glassworks.engine.tools_client import ToolsClient
    from glassworks.storage.atomic import disk_errors, publish_folder

    check_target(output)
    target = output.absolute()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    asked = {"paths": [str(path.absolute()) for path in paths], "vocab_size": vocab_size}
    try:
        with ProgressLine(stderr()) as line, disk_errors(target), ToolsClient() as tools:
            temporary.mkdir(parents=True)
            asked["output"] = str(temporary)
            found = tools.call("tokenizer_train", asked, TRAIN_LIMIT_S, line.show)
            publish_folder(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    for left_out in found["left_out"]:
        stderr().print(f"left out: {left_out['name']}: {left_out['message']}", soft_wrap=True)
    if is_json:
        print_json({"folder": str(target), **found})
        return
    read = (
        f"{numbers.plural(found['num_documents'], 'document')}, {numbers.size(found['num_bytes'])}"
    )
    stdout().print(f"{output}: {found['vocab_size']:,} tokens, from {read}", soft_wrap=True)
    stdout().print(f'  glassworks tokenizer encode {output} "To be"', style="glass")
