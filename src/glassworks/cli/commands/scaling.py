"""Fit a scaling law through finished runs, and say what the next size would reach.

In: three or more runs of different size on the same data. Out: the law, its doubt in words and numbers, and predictions; with
`--promise` a prediction is written down and checked against the run that comes.
"""

from typing import Annotated

import typer

from glassworks.cli.options import JsonOption
from glassworks.specs.scaling import PromiseView, ScalingFit

EXAMPLES = """
glassworks scaling small medium large --at 20e6
glassworks scaling small medium large --by flops --at 1e15
glassworks scaling small medium large --promise 20e6
glassworks scaling
"""


def command(
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RUN]...", help="Three or more runs; none: the promises made so far."
        ),
    ] = None,
    by: Annotated[
        str, typer.Option("--by", help="What grows: parameters, flops or tokens.")
    ] = "parameters",
    metric: Annotated[
        str, typer.Option("--metric", help="What falls: validation_loss or bits_per_byte.")
    ] = "validation_loss",
    at: Annotated[
        list[float] | None,
        typer.Option("--at", help="Predict a run of this size. Repeat for more."),
    ] = None,
    promised: Annotated[
        float | None,
        typer.Option("--promise", help="Write the prediction for this size down, to be checked."),
    ] = None,
    is_json: JsonOption = False,
) -> None:
    """Fit value = floor + scale · size^-exponent through finished runs and predict the next size, with its interval.

    A sweep stands for all its variants. Repeats over seeds become one point; their spread is what the intervals lean on.
    """
    from glassworks.cli.failures import print_json
    from glassworks.common.errors import InvalidSpec
    from glassworks.engine import scaling
    from glassworks.engine.sweep_table import with_variants
    from glassworks.engine.workshop import Workshop

    if by not in ("parameters", "flops", "tokens"):
        raise InvalidSpec(
            "bad-command-line", f"Nothing grows by {by!r}.", "Use parameters, flops or tokens."
        )
    with Workshop() as workshop:
        if not runs:
            made = scaling.promises(workshop.store)
            if is_json:
                print_json({"promises": [one.to_json() for one in made]})
            else:
                _tell_promises(made)
            return
        named = with_variants(workshop.store, runs)
        if promised is not None:
            _, found = scaling.promise(workshop.store, named, promised, by, metric)  # type: ignore[arg-type]  # checked above
        else:
            found = scaling.scaling_fit(workshop.store, named, by, metric, at or ())  # type: ignore[arg-type]
    if is_json:
        print_json(found.to_json())
    else:
        _tell(found, is_promise=promised is not None)


def _tell(found: ScalingFit, is_promise: bool) -> None:
    from glassworks.cli import numbers
    from glassworks.cli.console import stdout
    from glassworks.cli.tables import print_table

    console = stdout()
    unit = found.metric.replace("_", " ")
    law = f"{unit} = {found.floor.value:.3f} + {found.scale.value:.3g} · {found.by}^-{found.exponent.value:.3f}"
    console.print(f"\n  {law}", style="title", soft_wrap=True)
    console.print(
        f"  floor {found.floor.low:.3f} to {found.floor.high:.3f}, exponent {found.exponent.low:.3f} to "
        f"{found.exponent.high:.3f} (95 %)\n",
        style="quiet",
        soft_wrap=True,
    )
    rows = [
        (
            point.name,
            point.run,
            numbers.count(point.x),
            numbers.loss(point.value) + (f" ± {point.spread:.3f}" if point.spread else ""),
            str(point.num_seeds),
            f"{point.residual:+.3f}",
        )
        for point in found.points
    ]
    print_table(console, ("run", "id", found.by, unit, "seeds", "off the curve"), rows)
    for one in found.predictions:
        words = f"{numbers.loss(one.value)}, between {one.low:.3f} and {one.high:.3f} (95 %)"
        word = "Promised" if is_promise else "Predicted"
        console.print(f"\n  {word} at {numbers.count(one.x)} {found.by}: {words}", soft_wrap=True)
    for remark in found.remarks:
        console.print(f"  ! {remark}", style="warn", soft_wrap=True)
    console.print("")


def _tell_promises(made: list[PromiseView]) -> None:
    from glassworks.cli import numbers
    from glassworks.cli.console import stdout
    from glassworks.cli.tables import print_table

    if not made:
        stdout().print("No promise yet. `glassworks scaling RUN RUN RUN --promise SIZE` makes one.")
        return
    words = {True: "kept", False: "not kept", None: "open"}
    rows = [
        (
            one.promise.made_at[:10],
            f"{numbers.count(one.promise.prediction.x)} {one.promise.by}",
            f"{one.promise.prediction.value:.3f} ({one.promise.prediction.low:.3f} to {one.promise.prediction.high:.3f})",
            "" if one.measured is None else numbers.loss(one.measured),
            one.run or "",
            words[one.is_kept],
        )
        for one in made
    ]
    print_table(stdout(), ("made", "size", "promised", "measured", "run", "state"), rows)
