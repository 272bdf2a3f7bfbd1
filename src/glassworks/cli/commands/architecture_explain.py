"""Explain an architecture: each part in words, its formula, its matrices, what it costs.

In: a name, a preset or a file. Out: the whole model's figures, then its parts in the order of the computation.
"""

from glassworks.cli.architectures import ArchitectureArgument, VocabOption
from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks architecture explain tiny
glassworks architecture explain my-model.yaml --vocab-size 4096
glassworks architecture explain config.json --json
"""


def command(
    architecture: ArchitectureArgument,
    vocab_size: VocabOption = None,
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Explain every part of an architecture: what it is for, its formula, its shapes, its cost."""
    from glassworks.cli.architectures import figures, open_architecture, part_lines
    from glassworks.cli.console import stdout
    from glassworks.cli.failures import print_json
    from glassworks.common.errors import InvalidSpec
    from glassworks.engine.architectures import LIMIT_S
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        named = open_architecture(workshop, architecture, project)
        asked = {"document": named.document, "vocab_size": vocab_size}
        found = workshop.tools.call("architecture_explain", asked, LIMIT_S)
    for problem in found["problems"]:
        raise InvalidSpec(
            "impossible-architecture", problem["message"], problem["hint"], problem["where"]
        )
    if is_json:
        print_json(found)
        return
    out = stdout()
    out.print(named.label, style="title")
    for name, value in figures(found):
        out.print(f"  {name:<12}", style="quiet", end="")
        out.print(value, soft_wrap=True)
    for part in found["parts"]:
        out.print("")
        for number, line in enumerate(part_lines(part)):
            out.print(line, style=None if number else "title", soft_wrap=True, markup=False)
