"""Compare two architectures: every field that differs, and how many parameters each has.

In: two names, versions, presets or files. Out: `field  before -> after` lines.
"""

from typing import Any

from glassworks.cli.architectures import ArchitectureArgument, VocabOption
from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks architecture diff my-model@1 my-model@2
glassworks architecture diff llama-2-7b llama-3-8b
"""


def command(
    before: ArchitectureArgument,
    after: ArchitectureArgument,
    vocab_size: VocabOption = None,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Show every field in which two architectures differ."""
    from glassworks.cli import numbers
    from glassworks.cli.architectures import open_architecture
    from glassworks.cli.console import stdout
    from glassworks.cli.failures import print_json
    from glassworks.engine.architectures import compare
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        documents = [open_architecture(workshop, ref, project).document for ref in (before, after)]
        found = compare(workshop.tools, documents[0], documents[1], vocab_size)
    if is_json:
        print_json(found)
        return
    if not found["changes"]:
        stdout().print("They are the same.")
        return
    width = max(len(change["path"]) for change in found["changes"])
    for change in found["changes"]:
        values = f"{_plain(change['before'])} -> {_plain(change['after'])}"
        stdout().print(f"{change['path']:<{width}}  {values}", soft_wrap=True, markup=False)
    counts = [
        "?" if count is None else numbers.exact(count) for count in found["parameters"].values()
    ]
    stdout().print(f"{'parameters':<{width}}  {' -> '.join(counts)}", style="quiet")


def _plain(value: Any) -> str:
    return (
        "empty" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    )
