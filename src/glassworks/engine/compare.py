"""Two to four runs side by side.

In: references to runs. Out: a `RunComparison`: only the settings that differ, the curves on three axes, what came out with its
spread over seeds, and by `noise.py`'s rule whether that is more than chance. Repeats are found by themselves: every finished
training in the store that differs from a side in nothing but its seed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from glassworks.common.errors import InvalidSpec
from glassworks.engine.lineage import Lineage, read_lineage
from glassworks.engine.noise import APART, Side, apart, judge, spread
from glassworks.engine.training_text import text_of_tokens
from glassworks.engine.trainings import Training, find_training, repeats_of, settings_of
from glassworks.flow.catalog import load_catalog
from glassworks.specs.comparison import (
    MAX_SIDES,
    ComparedRun,
    CurveView,
    MeasureRow,
    PointView,
    RunComparison,
    SettingRow,
    SideCurves,
)
from glassworks.specs.noise import NoiseRule, NoiseView
from glassworks.storage.store import Store

LETTERS = "ABCD"
WIDTH = 400
MAIN = ("bits_per_byte", "validation_loss")
Figure = Callable[[Training], float | None]


def compare_runs(store: Store, references: list[str], width: int = WIDTH) -> RunComparison:
    """Raises InvalidSpec for fewer than two or more than four, NotFound, and for a run that trained nothing."""
    if not 2 <= len(references) <= MAX_SIDES:
        raise InvalidSpec(
            "how-many-runs",
            f"{len(references)} runs were given to compare.",
            f"Choose two to {MAX_SIDES}.",
        )
    sides = [find_training(store, reference) for reference in references]
    lineage = read_lineage(store)
    repeats = [repeats_of(side, lineage) for side in sides]
    settings = [settings_of(side, lineage) for side in sides]
    measures = _measures(repeats, [_held_out(side, lineage) for side in sides])
    return RunComparison(
        sides=tuple(map(_side, LETTERS, sides, repeats)),
        settings=tuple(_differing(settings)),
        num_settings=len({name for each in settings for name in each}),
        measures=tuple(measures),
        curves=tuple(_curves(own, width) for own in repeats),
        verdict=_verdict(measures),
    )


def _side(letter: str, side: Training, repeats: list[Training]) -> ComparedRun:
    flow = side.asked.spec()
    if flow.flow_run is not None:
        flow = side.store.runs.get(flow.flow_run).spec()
    return ComparedRun(
        letter=letter,
        run=side.asked.id,
        name=side.asked.state().name or side.asked.spec().name,
        recipe=flow.plan.recipe.name if flow.plan else None,
        training=side.run.id,
        status=side.state.status,
        seed=side.seed,
        repeats=tuple(other.run.id for other in repeats),
    )


def _differing(settings: list[dict[str, Any]]) -> list[SettingRow]:
    fields = sorted({field for each in settings for field in each})
    rows = [SettingRow(field=f, values=tuple(each.get(f) for each in settings)) for f in fields]
    return [row for row in rows if any(value != row.values[0] for value in row.values)]


# --- what came out ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HeldOut:
    """What a side was measured on: the text, and the tokens that it was cut into."""

    text: str
    tokens: str


def _held_out(side: Training, lineage: Lineage) -> HeldOut:
    tokens = side.spec.inputs.get("validation", "")
    return HeldOut(text_of_tokens(lineage, tokens), tokens)


def _measures(repeats: list[list[Training]], held_out: list[HeldOut]) -> list[MeasureRow]:
    metrics = load_catalog().metrics
    measured = {name for own in repeats for one in own if one.final for name in one.final.values}
    order = [*MAIN, *sorted(measured - set(MAIN))]
    rows = []
    for name in (name for name in order if name in measured):
        spec = metrics.get(name)
        label, unit = (spec.label, spec.unit) if spec else (name.replace("_", " "), "")
        better = spec.is_lower_better if spec else None
        rules = tuple(_rule(held_out[0], other, unit) for other in held_out)
        rows.append(_row(name, label, unit, better, repeats, _evaluated(name), rules))
    return [*rows, *(_row(*words, repeats, figure) for words, figure in PLAIN)]


def _rule(a: HeldOut, b: HeldOut, unit: str) -> NoiseRule | None:
    """Why a figure in `unit` of two sides cannot be held against each other; None where it can."""
    if a.text != b.text:
        return "other-text"
    return "other-tokens" if a.tokens != b.tokens and unit.endswith("/token") else None


def _evaluated(name: str) -> Figure:
    return lambda one: one.final.values.get(name) if one.final else None


def _median_of(name: str) -> Figure:
    def figure(one: Training) -> float | None:
        values = [row[name] for row in one.rows if name in row]
        return median(values) if values else None

    return figure


def _greatest(one: Training) -> float | None:
    return max((row["memory_bytes"] for row in one.rows if "memory_bytes" in row), default=None)


def _steps(one: Training) -> float | None:
    return one.rows[-1]["step"] if one.rows else None


PLAIN: tuple[tuple[tuple[str, str, str, bool | None], Figure], ...] = (
    (("parameters", "Parameters", "", None), lambda one: one.parameters),
    (("steps", "Steps", "", None), _steps),
    (("tokens_per_s", "Speed", "tok/s", False), _median_of("tokens_per_s")),
    (("memory_bytes", "Peak memory", "bytes", True), _greatest),
    (("duration_s", "Time", "s", True), lambda one: one.duration_s),
)
"""Figures that every training has."""
WITHOUT_NOISE = ("parameters", "steps")


def _row(
    metric: str,
    label: str,
    unit: str,
    is_lower_better: bool | None,
    repeats: list[list[Training]],
    figure: Figure,
    rules: tuple[NoiseRule | None, ...] = (),
) -> MeasureRow:
    """`rules`: for each side why its figure cannot be held against that of A, where it cannot."""
    sides = [_values(own, figure) for own in repeats]
    intervals = [_interval(own[0], metric) for own in repeats]
    judged: list[NoiseView | None] = [None]
    for index, (side, interval) in enumerate(zip(sides[1:], intervals[1:], strict=True), start=1):
        if not side or not sides[0] or metric in WITHOUT_NOISE:
            judged.append(None)
            continue
        first, other = Side(sides[0], intervals[0]), Side(side, interval)
        rule = rules[index] if rules else None
        judged.append(apart(first, other, rule) if rule else judge(first, other))
    return MeasureRow(
        metric=metric,
        label=label,
        unit=unit,
        is_lower_better=is_lower_better,
        values=tuple(figure(own[0]) for own in repeats),
        means=tuple(fmean(side.values()) if side else None for side in sides),
        spreads=tuple(spread(tuple(side.values())) for side in sides),
        intervals=tuple(intervals),
        noise=tuple(judged),
    )


def _values(repeats: list[Training], figure: Figure) -> dict[int, float]:
    """Seed -> value; the asked-for run counts while it is not finished, its repeats are."""
    found = ((one.seed or 0, figure(one)) for one in repeats)
    return {seed: value for seed, value in found if value is not None}


def _interval(one: Training, metric: str) -> tuple[float, float] | None:
    intervals: dict[str, Any] = one.final.to_json().get("intervals", {}) if one.final else {}
    found = intervals.get(metric)
    return (float(found[0]), float(found[1])) if found else None


def _verdict(measures: list[MeasureRow]) -> str:
    """One sentence on the main metric: who needs less, and whether that is more than noise."""
    row = next((row for row in measures if row.metric in MAIN), None)
    known = [value for value in row.means if value is not None] if row else []
    if row is None or len(known) < len(row.means):
        return "One of them was not measured on held-out text."
    if any(noise is not None and noise.rule == "other-text" for noise in row.noise):
        return APART["other-text"]
    best = min(range(len(known)), key=lambda index: known[index])
    if best == 0:
        others = [(known[i], i) for i in range(1, len(known))]
        rival, noise = min(others)[1], row.noise[min(others)[1]]
    else:
        rival, noise = 0, row.noise[best]
    gap = abs(known[best] - known[rival])
    told = f"{LETTERS[best]} needs {gap:.3f} {row.unit} less than {LETTERS[rival]}"
    if gap == 0:
        told = f"{LETTERS[best]} and {LETTERS[rival]} need the same"
    if noise is None or noise.is_beyond is None:
        return f"{told}. One run each: whether another seed alone does as much cannot be said."
    word = "beyond" if noise.is_beyond else "within"
    return f"{told}, which is {word} noise (±{noise.margin or 0:.3f}{_basis(noise)})."


def _basis(noise: NoiseView) -> str:
    words = {
        "paired": " over paired seeds",
        "welch": " over seeds of both",
        "one-side": " from the seeds of one side",
        "interval": " over the text; another seed may move it further",
    }
    return words.get(noise.rule, "")


# --- curves ----------------------------------------------------------------------------------------------------------


def _curves(repeats: list[Training], width: int) -> SideCurves:
    own, *others = repeats
    return SideCurves(
        curve=_curve(own, width),
        points=_points(own),
        repeats=tuple(_points(other) for other in others),
    )


def _curve(one: Training, width: int) -> CurveView:
    rows = [(row, at) for row, at in zip(one.rows, one.seconds, strict=True) if "loss" in row]
    num = min(len(rows), width)
    edges = [len(rows) * part // num for part in range(num + 1)] if num else [0]
    buckets = [rows[a:b] for a, b in pairwise(edges)]
    last = [bucket[-1] for bucket in buckets]
    return CurveView(
        steps=tuple(int(row["step"]) for row, _ in last),
        tokens=tuple(int(row.get("tokens", 0)) for row, _ in last),
        seconds=tuple(round(at, 3) for _, at in last),
        loss=tuple(fmean(row["loss"] for row, _ in bucket) for bucket in buckets),
    )


def _points(one: Training) -> tuple[PointView, ...]:
    places = {int(r["step"]): (int(r.get("tokens", 0)), at) for r, at in zip(one.rows, one.seconds, strict=True)}  # fmt: skip
    found = []
    for event in one.state.evaluations:
        tokens, seconds = places.get(event.step, (0, 0.0))
        intervals: dict[str, Any] = event.to_json().get("intervals", {})
        found.append(
            PointView(
                step=event.step,
                tokens=tokens,
                seconds=round(seconds, 3),
                values=event.values,
                intervals={name: tuple(map(float, each)) for name, each in intervals.items()},
            )
        )
    return tuple(found)
