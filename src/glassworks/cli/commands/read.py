"""What a training read at one step: the very documents and tokens of that batch, and what surprised the model most.

In: `run:step`. Out: rows of text with their documents, loss per token beside. Weights of every step are not kept, so the loss is told with
the newest that were saved before the step, and their step is named. Works while the run trains and after.
"""

from typing import Annotated, Any

import typer

from glassworks.cli.options import JsonOption

EXAMPLES = """
glassworks read first-model:437
glassworks read first-model:437 --row 8 --rows 2
glassworks read r4k7m2p9xq:1 --json
"""
SURPRISING_NATS = 5.0
SHOWN = 10


def command(
    ref: Annotated[
        str,
        typer.Argument(
            metavar="RUN:STEP", help="A run that trains, and a step (latest: the last one)."
        ),
    ],
    *,
    row: Annotated[int, typer.Option("--row", min=0, help="First row of the batch to show.")] = 0,
    rows: Annotated[int, typer.Option("--rows", min=1, max=256, help="How many rows.")] = 4,
    node: Annotated[
        str | None, typer.Option("--node", help="Which training of a run that has several.")
    ] = None,
    is_json: JsonOption = False,
) -> None:
    """Show the documents and tokens that a training read at a step, with the loss of each token."""
    from glassworks.cli.failures import print_json
    from glassworks.engine.reading_back import read_batch, recorded_loss
    from glassworks.engine.references import resolve_run
    from glassworks.engine.training_text import training_run
    from glassworks.engine.workshop import Workshop

    name, _, step = ref.rpartition(":")
    with Workshop() as workshop:
        run = training_run(workshop.store, resolve_run(workshop.store, name or ref), node)
        number = _step(run, step if name else "")
        found = read_batch(workshop.store, workshop.tools, run, number, row, rows)
        reader = workshop.store.runs.get(found["run"])
        found = {**found, "recorded_loss": recorded_loss(reader, number)}
    if is_json:
        print_json(found)
    else:
        _print(found)


def _step(run: Any, text: str) -> int:
    """Raises InvalidSpec for what is no step."""
    from glassworks.common.errors import InvalidSpec

    if text == "latest":
        return max((int(row["step"]) for row in run.metric_rows()), default=1)
    if text.isdecimal():
        return int(text)
    raise InvalidSpec(
        "bad-reference",
        f"{text!r} is no step." if text else "No step is given.",
        "Give a run and a number: `first-model:437`.",
    )


def _print(found: dict[str, Any]) -> None:
    from glassworks.cli import numbers
    from glassworks.cli.console import stdout

    console = stdout()
    console.print(f"step {found['step']:,} of {found['last_step']:,}", style="title")
    for words in _facts(found):
        console.print(f"  {words}", soft_wrap=True)
    console.print("\nMost surprising tokens", style="title")
    for one in found["surprising"][:SHOWN]:
        console.print(f"  {numbers.loss(one['nats'])} nats  ", style="quiet", end="")
        console.print(_in_place(one), soft_wrap=True)
    for row in found["rows"]:
        part = f", part {row['part']}" if row["part"] else ""
        dataset = f", {row['dataset_label']}" if row["dataset_label"] else ""
        console.print(f"\nRow {row['row']}{part}{dataset}", style="title", soft_wrap=True)
        for stretch in row["stretches"]:
            console.print("  " + _heading(stretch), style="glass", soft_wrap=True)
            console.print(_text(row, stretch), soft_wrap=True)
    behind = found["rows"][-1]["row"] + 1 if found["rows"] else found["num_rows"]
    if behind < found["num_rows"]:
        more = f"\n{found['num_rows'] - behind} more rows: --row {behind}"
        console.print(more, style="quiet")


def _facts(found: dict[str, Any]) -> list[str]:
    from glassworks.cli import numbers

    weights, recorded = found["weights"], found["recorded_loss"]
    scored = found["num_scored_rows"]
    of = "" if scored == found["num_rows"] else f" of {numbers.plural(scored, 'row')}"
    facts = [
        f"{numbers.plural(found['num_rows'], 'row')} of {found['context']:,} tokens, "
        f"{found['num_trained']:,} of {found['num_tokens']:,} trained on",
        {
            "saved": f"loss per token: weights of step {weights['step']:,}, {weights['dtype']}",
            "fresh": f"loss per token: fresh weights (nothing was saved before), {weights['dtype']}",
            "begun": f"loss per token: the weights that the run began with, {weights['dtype']}",
        }[weights["kind"]],
    ]
    if found["mean_nats"] is not None:
        facts.append(f"mean{of}: {numbers.loss(found['mean_nats'])} nats")
    if recorded is not None:
        facts.append(f"the run recorded {numbers.loss(recorded)} with the weights it had then")
    return facts


def _heading(stretch: dict[str, Any]) -> str:
    where = f" in {stretch['source']}" if stretch["source"] else ""
    begins = "from its beginning" if stretch["is_begun"] else f"from token {stretch['offset']:,} on"
    return f"document {stretch['ordinal']:,} {stretch['document']}{where}, {begins}"


def _in_place(one: dict[str, Any]) -> Any:
    from rich.text import Text

    from glassworks.cli.display.sample import drawn

    text = Text()
    text.append("…" + drawn(one["before"][-40:]), style="quiet")
    text.append(drawn(one["text"]), style="title")
    text.append(drawn(one["after"][:40]) + "…", style="quiet")
    text.append(f"  row {one['row']}, {one['document']}", style="quiet")
    return text


def _text(row: dict[str, Any], stretch: dict[str, Any]) -> Any:
    """The tokens; surprising ones stand out, what is not trained on is quiet."""
    from rich.text import Text

    from glassworks.cli.display.sample import printable

    text = Text()
    for token in row["tokens"][stretch["start"] : stretch["stop"]]:
        is_quiet = not token["is_trained"]
        is_loud = not is_quiet and token["nats"] >= SURPRISING_NATS
        text.append(
            printable(token["text"]), style="quiet" if is_quiet else "title" if is_loud else ""
        )
    return text
