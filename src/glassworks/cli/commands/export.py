"""Write a model in a layout that other programs load.

In: a reference to a checkpoint. Out: a new folder that `transformers` loads with its own classes, without code of ours.
"""

from pathlib import Path
from typing import Annotated

import typer

from glassworks.cli.options import PROJECT, JsonOption, ProjectOption

EXAMPLES = """
glassworks export first-model --output my-model
glassworks export first-model:best --output best
"""


def command(
    ref: Annotated[
        str, typer.Argument(metavar="REF", help="A model: name, name@2, run:step, or an id.")
    ],
    output: Annotated[Path, typer.Option("--output", help="The folder to make.")],
    project: ProjectOption = PROJECT,
    is_json: JsonOption = False,
) -> None:
    """Write a model in the hub's layout, for `transformers` and everything that reads its files.

    What no stock class computes is refused, with the field that stands in the way.
    """
    from glassworks import api
    from glassworks.cli.console import stdout
    from glassworks.cli.failures import print_json
    from glassworks.common.errors import error_from_dict
    from glassworks.engine.export import check_target, copy_out, export_recipe
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        check_target(output)
        recipe = export_recipe(workshop.store, ref, project)
        result = api.run(recipe, project=project)
        if result.state.error is not None:
            raise error_from_dict(result.state.error.to_json())
        artifact = result.outputs[recipe.output]
        folder = copy_out(workshop.store, artifact, output)
        summary = workshop.store.artifacts.manifest(artifact).summary
    if is_json:
        print_json({"folder": str(folder), "artifact": artifact, "run": result.run, **summary})
        return
    stdout().print(f"{recipe.title}: {summary.get('class', 'done')}, {folder}")
    stdout().print(f'  AutoModelForCausalLM.from_pretrained("{output}") loads it.', style="glass")
