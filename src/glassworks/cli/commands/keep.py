"""Keep a checkpoint of a run under a name, or let it go again.

In: a run and a step. Out: the name, which is a model like any other.
"""

from typing import Annotated

import typer

from glassworks.cli.options import JsonOption

EXAMPLES = """
glassworks keep first-model:600
glassworks keep first-model:best --name plays-best
glassworks keep first-model:600 --undo
"""


def command(
    checkpoint: Annotated[
        str,
        typer.Argument(
            metavar="RUN:STEP",
            help="A run and a step that was saved: a number, `latest` or `best`.",
        ),
    ],
    name: Annotated[
        str | None, typer.Option("--name", help="What to keep it as.  [default: RUN-STEP]")
    ] = None,
    is_undone: Annotated[bool, typer.Option("--undo", help="Take the name away again.")] = False,
    is_json: JsonOption = False,
) -> None:
    """Give a checkpoint a name, so that no keep-policy removes it and it can be used like any model."""
    from glassworks.cli.console import stdout
    from glassworks.cli.failures import print_json
    from glassworks.common.errors import InvalidSpec
    from glassworks.engine.checkpoints import keep_checkpoint, release_checkpoint, step_of
    from glassworks.engine.references import resolve_run
    from glassworks.engine.server_link import find_server
    from glassworks.engine.workshop import Workshop

    reference, colon, word = checkpoint.partition(":")
    if not colon:
        raise InvalidSpec(
            "bad-reference",
            f"{checkpoint!r} does not say which step.",
            f"Give a run and a step, e.g. {checkpoint}:best.",
        )
    with Workshop() as workshop:
        store, run = workshop.store, resolve_run(workshop.store, reference)
        step = step_of(store, run, word)
        server = find_server(workshop.settings)
        if server is not None:
            method, body = ("DELETE", None) if is_undone else ("PUT", {"name": name})
            found = server.call(method, f"/api/runs/{run.id}/checkpoints/{step}/name", body)
            names = found["names"]
        elif is_undone:
            names = release_checkpoint(store, run, step)
        else:
            names = [keep_checkpoint(store, run, step, name)]
    if is_json:
        print_json({"run": run.id, "step": step, "names": names, "is_kept": not is_undone})
        return
    said = ", ".join(names)
    if is_undone:
        stdout().print(f"Step {step:,} of {run.id} is no longer kept as {said}.", soft_wrap=True)
        return
    stdout().print(f"Step {step:,} of {run.id} is kept as {said}.", soft_wrap=True)
    stdout().print(f'  glassworks generate {said} "..."', style="quiet", soft_wrap=True)
