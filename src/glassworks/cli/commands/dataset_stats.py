"""Count what is in a dataset.

In: a reference. Out: sizes, lengths, scripts, copies, frequent words; with a tokenizer its tokens too. What has not been counted yet
is counted now, by a run like any other, which also makes the dataset searchable.
"""

from typing import Annotated, Any

import typer

from glassworks.cli.datasets import DatasetArgument
from glassworks.cli.options import PROJECT, JsonOption, ProjectOption, QuietOption

EXAMPLES = """
glassworks dataset stats plays
glassworks dataset stats plays --tokenizer first-model
glassworks dataset stats plays@1 --json
"""
SHOWN_WORDS = 10
BAR = 30


def command(
    ref: DatasetArgument,
    tokenizer: Annotated[
        str | None,
        typer.Option("--tokenizer", metavar="REF", help="Count the tokens of this one too."),
    ] = None,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
) -> None:
    """Show figures about a dataset; count first what has not been counted yet."""
    from glassworks.cli.failures import print_json
    from glassworks.common.errors import NotFound
    from glassworks.engine.dataset_search import read_description, read_statistics
    from glassworks.engine.dataset_tasks import describe_recipe
    from glassworks.engine.datasets import find_dataset
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        found = find_dataset(workshop.store, ref, project)
        statistics = None
        if tokenizer is None:
            try:
                statistics = read_statistics(workshop.store, found)
            except NotFound as error:
                if error.code != "not-described":
                    raise
        if statistics is None:
            from glassworks.cli.making import make_output

            recipe = describe_recipe(workshop.store, found, tokenizer, project)
            statistics = read_description(workshop.store, make_output(recipe, project, is_quiet))
    if is_json:
        print_json({"label": found.label, "artifact": found.artifact, **statistics.to_json()})
    else:
        _print(found.label, statistics)


def _print(label: str, found: Any) -> None:
    from glassworks.cli import numbers
    from glassworks.cli.console import stdout
    from glassworks.cli.datasets import print_title

    def line(name: str, words: str) -> None:
        stdout().print(f"  {name:<12}", style="quiet", end="")
        stdout().print(words, soft_wrap=True)

    stdout().print(label, style="title")
    line("documents", numbers.exact(found.num_documents))
    line("text", f"{numbers.size(found.num_bytes)}, {numbers.count(found.num_words)} words")
    line("from", numbers.plural(found.num_sources, "source"))
    scripts = [f"{one.name} {numbers.share(one.share)}" for one in found.scripts[:5]]
    line("letters", ", ".join(scripts) or "none")
    copies = found.duplicates
    about = "about " if copies.is_estimate else ""
    line("copies", f"{copies.exact_documents:,} exact, {about}{copies.near_documents:,} near")
    if found.tokens is not None:
        tokens = found.tokens
        line("tokens", f"{tokens.num_tokens:,}, {tokens.bytes_per_token:.2f} bytes each")
    print_title(
        f"Lengths in bytes (median {found.lengths.median:,}, longest {found.lengths.max:,})"
    )
    most = max((one.count for one in found.lengths.bins), default=1)
    for one in found.lengths.bins:
        bar = "█" * max(round(BAR * one.count / most), one.count > 0)
        stdout().print(f"  {one.from_:>11,}  {bar} {one.count:,}", soft_wrap=True)
    print_title("Frequent words")
    for name, some in (("one", found.ngrams.words), ("two", found.ngrams.pairs)):
        shown = [f"{one.text} {one.count:,}" for one in some[:SHOWN_WORDS]]
        line(name, ", ".join(shown) or "none")
    for words in found.has_more:
        stdout().print(f"  {words}", style="quiet", soft_wrap=True)
