"""Choose a model and its training for a time, or from the one dial `depth`.

In: minutes or a depth, the vocabulary and, where it is known, how many tokens the text has. Out: the model, its training and the
rules that chose them.
"""

from typing import Annotated, Any

import typer

from glassworks.cli.options import JsonOption

EXAMPLES = """
glassworks architecture plan --minutes 10
glassworks architecture plan --depth 6 --vocab-size 4096 --json
glassworks run first-model --minutes 10
"""


def command(
    minutes: Annotated[
        float | None, typer.Option("--minutes", min=0.01, max=100_000, help="Time to spend.")
    ] = None,
    depth: Annotated[
        int | None, typer.Option("--depth", min=1, max=96, help="Layers; the rest by the rules.")
    ] = None,
    vocab_size: Annotated[
        int, typer.Option("--vocab-size", min=2, max=2_000_000, help="Tokens that it knows.")
    ] = 2048,
    tokens: Annotated[
        int | None, typer.Option("--tokens", min=1, help="How many tokens the text has.")
    ] = None,
    is_rules: Annotated[bool, typer.Option("--rules", help="Print the dial's rules.")] = False,
    is_json: JsonOption = False,
) -> None:
    """Choose a model that this machine can train in a given time, and say why."""
    from glassworks.cli.failures import print_json
    from glassworks.engine.planning import plan_model
    from glassworks.engine.workshop import Workshop

    if minutes is not None and depth is not None:
        raise typer.BadParameter("Give --minutes or --depth, not both.")
    with Workshop() as workshop:
        found = plan_model(workshop, minutes, depth, vocab_size, tokens)
    if is_json:
        print_json(found)
    else:
        _print(found, is_rules)


def _print(found: dict[str, Any], is_rules: bool) -> None:
    from glassworks.cli import numbers
    from glassworks.cli.console import stdout

    document, training = found["document"], found["training"]
    heads = document["attention"]["heads"]
    rows = [
        ("model", f"{document['layers']} layers, {document['width']} wide, {heads} heads"),
        ("parameters", numbers.exact(found["parameters"])),
        ("context", numbers.exact(document["context"])),
        ("steps", f"{training['steps']:,} of {training['batch_size']} sequences"),
        ("tokens", numbers.exact(found["tokens"])),
        ("time", _time(found)),
    ]
    for name, value in rows:
        stdout().print(f"  {name:<12}", style="quiet", end="")
        stdout().print(value, soft_wrap=True)
    for sentence in found["rule"]:
        stdout().print(sentence, soft_wrap=True)
    for rule in found["rules"] if is_rules else ():
        stdout().print(f"\n{rule['name']}: {rule['sentence']}", soft_wrap=True, markup=False)
        stdout().print(f"  {rule['source']}", style="quiet", soft_wrap=True, markup=False)


def _time(found: dict[str, Any]) -> str:
    from glassworks.cli import numbers

    if found["time_s"] is None:
        return "not known yet"
    about = f"about {numbers.duration(found['time_s'])}"
    return f"{about}, at an assumed speed" if found["is_speed_assumed"] else about
