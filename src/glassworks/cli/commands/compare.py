"""Hold two to four runs against each other.

In: runs. Out: one sentence, only the settings that differ, and what came out, with its spread over seeds where there are any.
"""

from typing import Annotated, Any

import typer

from glassworks.cli.options import JsonOption
from glassworks.specs.comparison import MeasureRow, RunComparison
from glassworks.specs.noise import NoiseView

EXAMPLES = """
glassworks compare first-model another-seed
glassworks compare r4k7m2p9xq r2ab3cd4ef --json
"""


def command(
    runs: Annotated[
        list[str],
        typer.Argument(metavar="RUN...", help="Two to four runs, by id or name."),
    ],
    is_json: JsonOption = False,
) -> None:
    """Hold two to four runs against each other: what differs in their settings, what came out, and whether it is noise.

    Finished runs that differ in nothing but a seed are found by themselves and count as repeats. Within noise or beyond
    it: three shared seeds are paired, else two or more a side are compared by Welch's test, else the spread of one side or
    the interval over the text is taken, else it cannot be said.
    """
    from glassworks.cli.console import stdout
    from glassworks.cli.failures import print_json
    from glassworks.engine.compare import compare_runs
    from glassworks.engine.workshop import Workshop

    with Workshop() as workshop:
        found = compare_runs(workshop.store, runs)
    if is_json:
        view = found.to_json()
        del view["curves"]
        print_json(view)
        return
    stdout().print(f"\n  {found.verdict}\n", style="title", soft_wrap=True)
    _tell(found)


def _tell(found: RunComparison) -> None:
    from glassworks.cli.console import stdout
    from glassworks.cli.tables import print_table

    letters = [side.letter for side in found.sides]
    rows = [
        (
            side.letter,
            side.name,
            side.run,
            "" if side.seed is None else str(side.seed),
            str(len(side.repeats)),
            side.status,
        )
        for side in found.sides
    ]
    print_table(stdout(), ("", "name", "run", "seed", "repeats", "state"), rows)
    title = f"\n  Only what differs, {len(found.settings)} of {found.num_settings} settings\n"
    stdout().print(title, style="title")
    cells = [(row.field, *map(_value, row.values)) for row in found.settings]
    print_table(stdout(), ("setting", *letters), cells)
    stdout().print("\n  What came out\n", style="title")
    measures = [_measure(row) for row in found.measures]
    print_table(stdout(), ("measure", *letters, "against A"), measures)
    stdout().print("")


def _measure(row: MeasureRow) -> tuple[str, ...]:
    cells = [
        _figure(row, mean if spread is not None else value, spread)
        for value, mean, spread in zip(row.values, row.means, row.spreads, strict=True)
    ]
    noise = ", ".join(_judged(one) for one in row.noise if one is not None)
    unit = f", {row.unit}" if row.unit and row.unit not in {"bytes", "s"} else ""
    return (f"{row.label.lower()}{unit}", *cells, noise)


def _judged(one: NoiseView) -> str:
    apart = {"other-text": "another text", "other-tokens": "other tokens"}
    if one.rule in apart:
        return apart[one.rule]
    return {True: "beyond noise", False: "within noise", None: "cannot say"}[one.is_beyond]


def _figure(row: MeasureRow, value: float | None, spread: float | None) -> str:
    if value is None:
        return "not measured"
    return f"{_number(row, value)} ± {_number(row, spread)}" if spread else _number(row, value)


def _number(row: MeasureRow, value: float) -> str:
    from glassworks.cli import numbers

    match row.unit:
        case "bytes":
            return numbers.size(value)
        case "s":
            return numbers.duration(value)
        case "" | "tok/s":
            return numbers.count(value)
    return numbers.loss(value)


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value).replace("\n", "\\n")
