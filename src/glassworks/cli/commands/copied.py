"""What of a text a model copied from the text that it learned from, and what it composed.

In: a model, and a text or a file with one. Out: the text with its copied stretches marked, where each stands, and
what share that is, beside the share that held-out text of the same length has by chance. What has not been indexed yet is indexed first.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption, QuietOption

EXAMPLES = """
glassworks copied first-model "To be, or not to be, that is the question"
glassworks generate first-model "HAMLET" | glassworks copied first-model --file -
glassworks copied first-model --file answer.txt --min 30 --json
"""


def command(
    ref: Annotated[
        str,
        typer.Argument(metavar="REF", help="A model: its name, name@2, run:step, a run, or an id."),
    ],
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="The text.")] = None,
    *,
    file: Annotated[
        str | None, typer.Option("--file", metavar="FILE|-", help="A file with it; - is stdin.")
    ] = None,
    min_characters: Annotated[
        int, typer.Option("--min", min=1, help="Shortest stretch that counts, in characters.")
    ] = 20,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
) -> None:
    """Tell what of a text stands word for word in the text that a model learned from.

    Characters are compared as they are: another case, space or accent is no copy.
    """
    from glassworks.cli.failures import print_json
    from glassworks.engine.copies import find_model, index_recipe, look_for_copies, missing_texts
    from glassworks.engine.workshop import Workshop

    asked = _text(text, file)
    with Workshop() as workshop:
        found = find_model(workshop.store, ref, project)
        if missing := missing_texts(workshop.store, found):
            from glassworks.cli.making import make_output

            make_output(index_recipe(missing), project, is_quiet)
        told = look_for_copies(workshop.store, workshop.tools, found, asked, min_characters)
    if is_json:
        print_json(told)
    else:
        _print(told, asked)


def _text(text: str | None, file: str | None) -> str:
    """Raises BadParameter unless exactly one is given, NotFound, BadData."""
    from glassworks.common.errors import BadData, NotFound

    if (text is None) == (file is None):
        raise typer.BadParameter("Give either TEXT or --file FILE.")
    if text is not None or file is None:
        return text or ""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadData(
            "wrong-encoding", f"{file} is not UTF-8 text: {error.reason}.", "Convert it.", file
        ) from error
    except OSError as error:
        raise NotFound(
            "file-not-found", f"{file} cannot be read.", "Check the path.", file
        ) from error


def _print(told: dict[str, Any], text: str) -> None:
    from rich.text import Text

    from glassworks.cli import numbers
    from glassworks.cli.console import stdout
    from glassworks.cli.display.sample import drawn

    console = stdout()
    console.print(_marked(text, told["spans"]), soft_wrap=True)
    share, chance = told["share"], told["chance"]
    words = f"\n{numbers.share(share)} copied: {told['num_copied']:,} of {told['num_characters']:,} characters"
    console.print(words, style="title", soft_wrap=True)
    if chance:
        console.print(
            f"held-out text of this length: {numbers.share(chance['share'])} "
            f"({numbers.plural(chance['num_passages'], 'passage')})",
            style="quiet",
        )
    console.print(
        f"stretches of at least {told['min_characters']} characters in "
        + ", ".join(one["label"] for one in told["texts"]),
        style="quiet",
        soft_wrap=True,
    )
    for span in sorted(told["spans"], key=lambda one: one["start"] - one["stop"]):
        length = span["stop"] - span["start"]
        head = f"\n{length} characters, {numbers.plural(span['num_times'], 'time')}"
        console.print(head, style="glass", soft_wrap=True)
        for place in span["places"]:
            line = Text("  ")
            line.append(f"{place['document']}, character {place['offset']:,}  ", style="quiet")
            line.append("…" + drawn(place["before"][-30:]), style="quiet")
            line.append(drawn(span["text"][:60]), style="title")
            line.append(drawn(place["after"][:30]) + "…", style="quiet")
            console.print(line, soft_wrap=True)


def _marked(text: str, spans: list[dict[str, Any]]) -> Any:
    """The text with its copied stretches underlined; where nothing can be underlined, in [[ ]]."""
    from rich.text import Text

    from glassworks.cli.console import stdout
    from glassworks.cli.display.sample import printable

    marked, at = Text(), 0
    for start, stop in _joined(spans):
        marked.append(printable(text[at:start]))
        piece = printable(text[start:stop])
        if stdout().is_terminal:
            marked.append(piece, style="underline")
        else:
            marked.append(f"[[{piece}]]")
        at = stop
    marked.append(printable(text[at:]))
    return marked


def _joined(spans: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Stretches that overlap as one."""
    found: list[tuple[int, int]] = []
    for span in spans:
        start, stop = span["start"], span["stop"]
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found
