"""Let a model write.

In: a model and the beginning of a text. Out: what it writes, as it writes it. Unusual: a model whose tokenizer has a chat
template is asked as in a conversation, and answers; `--raw` lets it go on from the text. The same seed writes the same
text; `--json` gives one object a line, a piece each, and the whole text last.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Annotated, Any

import typer

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks generate first-model "To be"
glassworks generate first-model "ROMEO." --temperature 0.5 --num 3
glassworks generate first-model:latest --max-tokens 80 --stop "JULIET"
glassworks generate first-model@1 "To be" --seed 7 --json
glassworks generate my-assistant "Who are you?" --raw
"""


def command(
    ref: Annotated[
        str, typer.Argument(metavar="REF", help="A model: a name, name@version, or run:step.")
    ],
    prompt: Annotated[str, typer.Argument(help="What it goes on from.")] = "",
    *,
    temperature: Annotated[
        float | None, typer.Option(help="0 always takes the likeliest token; above 1 is wild.")
    ] = None,
    top_k: Annotated[
        int | None, typer.Option("--top-k", help="Choose among so many of the likeliest.")
    ] = None,
    top_p: Annotated[
        float | None, typer.Option("--top-p", help="Choose among the likeliest up to this share.")
    ] = None,
    min_p: Annotated[
        float | None,
        typer.Option("--min-p", help="Drop tokens below this share of the likeliest one."),
    ] = None,
    repetition_penalty: Annotated[
        float | None,
        typer.Option("--repetition-penalty", help="Above 1, tokens that stand there already lose."),
    ] = None,
    frequency_penalty: Annotated[
        float | None,
        typer.Option("--frequency-penalty", help="What a token loses each time it was written."),
    ] = None,
    presence_penalty: Annotated[
        float | None,
        typer.Option("--presence-penalty", help="What a token loses once it was written."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Another number writes another text.")] = None,
    num: Annotated[int, typer.Option(min=1, max=1000, help="How many texts.")] = 1,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", help="Longest text, in tokens.")
    ] = None,
    stop: Annotated[
        list[str] | None, typer.Option(help="A text that ends the writing. Repeat for more.")
    ] = None,
    is_raw: Annotated[
        bool,
        typer.Option(
            "--raw",
            help="Go on from the text, without the chat template of a model that has one.",
        ),
    ] = False,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Let a model go on from a text, or answer it where it has learned turns, and print what it writes as it writes it."""
    from glassworks import api

    given = {
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "min_p": min_p,
        "repetition_penalty": repetition_penalty,
        "frequency_penalty": frequency_penalty,
        "presence_penalty": presence_penalty,
        "seed": seed,
        "max_tokens": max_tokens,
        "stop": stop or None,
    }
    settings = {name: value for name, value in given.items() if value is not None}
    with api.load(ref, project) as model:
        is_chat = model.has_chat_template and not is_raw and prompt != ""
        write = _asked(model) if is_chat else model.stream
        for index in range(num):
            if index and settings.get("seed") is None:
                settings["seed"] = DEFAULT_SEED
            text = write(prompt, **_seeded(settings, index))
            _print(text, prompt, index, is_json, "\n\n" if is_chat else "")


DEFAULT_SEED = 1337


def _asked(model: Any) -> Callable[..., Iterator[str]]:
    """The prompt as what a person says in a conversation."""

    def ask(prompt: str, **settings: Any) -> Iterator[str]:
        answer: Iterator[str] = model.chat([{"role": "user", "content": prompt}], **settings)
        return answer

    return ask


def _seeded(settings: dict[str, Any], index: int) -> dict[str, Any]:
    """The settings of text `index`: the first has the seed itself, each further one the next number."""
    return settings if index == 0 else settings | {"seed": settings["seed"] + index}


def _print(pieces: Iterator[str], prompt: str, index: int, is_json: bool, between: str) -> None:
    from glassworks.cli.console import stdout
    from glassworks.cli.display.sample import printable
    from glassworks.cli.failures import print_json

    if is_json:
        text = ""
        for piece in pieces:
            text += piece
            print_json({"index": index, "piece": piece})
        print_json({"index": index, "prompt": prompt, "text": text})
        return
    console = stdout()
    if index:
        console.print("\n" + "─" * 3, style="quiet")
    first = next(pieces, "")  # a wrong setting is told before anything is written
    console.print(printable(prompt + between), style="quiet", end="", soft_wrap=True)
    for piece in chain([first], pieces):
        console.print(printable(piece), end="", soft_wrap=True)
        console.file.flush()
    console.print()
