"""What a recipe's training will need, before it runs.

In: a recipe. Out: time, model, reading, work, memory, disk and losses; what is not known yet is said to be so, and what does
not fit comes with the nearest that does.
"""

from glassworks.cli.options import JsonOption, RecipeArgument, SetOption

EXAMPLES = """
glassworks estimate first-model
glassworks estimate first-model --set train.steps=10000
"""


def command(
    recipe: RecipeArgument, settings: SetOption = None, is_json: JsonOption = False
) -> None:
    """Tell what a recipe's training will need: time, memory, disk, and with which loss it begins and ends.

    Times come from this machine's measured speed (`glassworks doctor`).
    """
    from glassworks import api
    from glassworks.cli.console import stdout
    from glassworks.cli.display.start_card import rows, warnings
    from glassworks.cli.failures import print_json

    found = api.estimate(recipe, settings)
    if is_json:
        print_json(found)
        return
    if not found["nodes"]:
        stdout().print(f"Nothing in {found['recipe']} has a size that can be told before.")
    for node, estimate in found["nodes"].items():
        stdout().print(f"{found['recipe']}, {node}", style="title")
        for name, text in rows(estimate):
            stdout().print(f"  {name:<12}", style="quiet", end="")
            stdout().print(text, soft_wrap=True)
        for words in warnings(estimate):
            stdout().print(f"  {words}", style="warn", soft_wrap=True)
