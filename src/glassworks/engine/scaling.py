"""A scaling law through finished runs: what the next size would reach, how sure that is, and whether it came true.

In: three or more finished trainings on the same data. Out: a `ScalingFit` over parameters, work or tokens; a `PromiseSpec` that is
written down in the store before the next run, and never changed; and for each promise what a later run of that size measured.
`predicted_final_loss` is the same for a run that is only planned. Unusual: repeats over seeds become one point, and their spread
is what the intervals lean on; without it the residuals, and with three points alone an assumption that is named.
"""

import math
from collections.abc import Sequence
from statistics import fmean, variance

from glassworks.common.clock import utc_now
from glassworks.common.errors import GlassworksError, InvalidSpec
from glassworks.common.hashing import hash_json
from glassworks.engine.lineage import Lineage, Work, read_lineage
from glassworks.engine.power_law import (
    Law,
    Point,
    Spread,
    bootstrap,
    fit,
    interval_at,
    quantiles,
)
from glassworks.engine.trainings import Training, find_training, identity, read_training, repeats_of
from glassworks.flow.catalog import load_catalog
from glassworks.specs.scaling import (
    Estimated,
    PredictedLoss,
    Prediction,
    PromiseSpec,
    PromiseView,
    ScaleAxis,
    ScalePoint,
    ScalingFit,
    SigmaSource,
)
from glassworks.storage.atomic import read_json, write_json
from glassworks.storage.store import Store

MIN_POINTS = 3
ASSUMED_SHARE = 0.01
"""Where nothing tells how much a seed moves a run: one percent of the loss."""
CURVE_POINTS = 40
FAR = 10.0
NEAR_SHARE = 0.05
"""A run of a size within 5 % of a promised one is held against the promise."""
FOLDER = "promises"
FLOPS = 6.0
"""Forward and backward take about 6 FLOPs for each parameter and token (Kaplan et al. 2020)."""


def scaling_fit(
    store: Store,
    references: Sequence[str],
    by: ScaleAxis = "parameters",
    metric: str = "validation_loss",
    at: Sequence[float] = (),
) -> ScalingFit:
    """The law through these runs, with a prediction for each of `at`. Raises InvalidSpec where there is none."""
    lineage = read_lineage(store)
    named = [find_training(store, reference) for reference in references]
    trainings = list({one.run.id: one for one in named}.values())
    _check_comparable(trainings, metric)
    return fit_points(_points(trainings, lineage, by, metric), by, metric, at)


def fit_points(
    points: list[ScalePoint], by: ScaleAxis, metric: str, at: Sequence[float] = ()
) -> ScalingFit:
    """The law through points that are known already. Pure."""
    if len({point.x for point in points}) < MIN_POINTS:
        raise InvalidSpec(
            "too-few-sizes",
            f"A scaling law needs {MIN_POINTS} runs of different size; here are {len({p.x for p in points})}.",
            "Train another size, or fit by another axis (parameters, flops, tokens).",
        )
    plain = [Point(point.x, point.value, point.num_seeds) for point in points]
    law = fit(plain)
    spread, source = _spread(points, plain, law)
    laws = bootstrap(law, plain, spread)
    ends = (min(p.x for p in points) / 1.5, max(*(p.x * 4 for p in points), *at))
    return ScalingFit(
        by=by,
        metric=metric,
        points=tuple(
            p.model_copy(update={"residual": p.value - law.at(p.x)})
            for p in sorted(points, key=lambda point: point.x)
        ),
        floor=_estimated(law.floor, [each.floor for each in laws]),
        scale=_estimated(law.plain_scale, [each.plain_scale for each in laws]),
        exponent=_estimated(law.exponent, [each.exponent for each in laws]),
        sigma=spread.sigma,
        sigma_source=source,
        curve=tuple(_predicted(law, laws, spread, points, x) for x in _between(*ends)),
        predictions=tuple(_predicted(law, laws, spread, points, x) for x in at),
        remarks=tuple(_remarks(points, law, source, at)),
    )


def _between(low: float, high: float) -> list[float]:
    parts = [number / (CURVE_POINTS - 1) for number in range(CURVE_POINTS)]
    return [low * (high / low) ** part for part in parts]


def _predicted(
    law: Law, laws: list[Law], spread: Spread, points: list[ScalePoint], x: float
) -> Prediction:
    low, high = interval_at(laws, spread, x)
    value = law.at(x)
    reach = x / max(point.x for point in points)
    return Prediction(x=x, value=value, low=min(low, value), high=max(high, value), reach=reach)


def _estimated(value: float, values: list[float]) -> Estimated:
    low, high = quantiles(values)
    return Estimated(value=value, low=min(low, value), high=max(high, value))


def _spread(points: list[ScalePoint], plain: list[Point], law: Law) -> tuple[Spread, SigmaSource]:
    """How much one run moves: over seeds where some were repeated, else about the curve, else assumed."""
    freedom = sum(point.num_seeds - 1 for point in points if point.spread is not None)
    residual = len(plain) - 3
    about = math.sqrt(law.cost / residual) if residual > 0 else 0.0
    if freedom:
        squares = sum((p.num_seeds - 1) * p.spread**2 for p in points if p.spread is not None)
        over = math.sqrt(squares / freedom)
        return Spread(max(over, about), freedom), "seeds"
    if residual > 0 and about > 0:
        return Spread(about, residual), "residuals"
    return Spread(ASSUMED_SHARE * fmean(point.value for point in plain), None), "assumed"


def _remarks(
    points: list[ScalePoint], law: Law, source: SigmaSource, at: Sequence[float]
) -> list[str]:
    sizes = sorted({point.x for point in points})
    found = []
    if len(sizes) == MIN_POINTS:
        found.append(
            "Three sizes fix the three numbers of the curve, so nothing is left to test it with."
        )
    if law.scale == 0:
        found.append("Larger runs were not better here, so there is nothing to go on from.")
    if source == "assumed":
        found.append(
            f"No run was repeated with another seed: that one moves by {100 * ASSUMED_SHARE:.0f} % is an assumption."
        )
    if source == "residuals":
        found.append(
            "No run was repeated with another seed: the doubt comes from how far the runs lie from the curve."
        )
    if sizes[-1] / sizes[0] < FAR:
        found.append(
            f"The largest run is only {sizes[-1] / sizes[0]:.1f} times the smallest; ten times and more tell far more."
        )
    found += [
        f"{x:.3g} is {x / sizes[-1]:.0f} times the largest run: a curve is seldom right that far."
        for x in at
        if x > FAR * sizes[-1]
    ]
    return found


# --- points ----------------------------------------------------------------------------------------------------------


def _points(
    trainings: list[Training], lineage: Lineage, by: ScaleAxis, metric: str
) -> list[ScalePoint]:
    """One point for each size: repeats over seeds, named or found, are put together."""
    works = {work.run: work for work in lineage.works}
    found: dict[str, ScalePoint] = {}
    for training in trainings:
        key = identity(works[training.run.id]) if training.run.id in works else training.run.id
        if key in found:
            continue
        values = [v for v in (_value(one, metric) for one in repeats_of(training, lineage)) if v]
        x = size_of(training, by)
        if not values or x is None:
            raise InvalidSpec(
                "not-measured",
                f"Run {training.asked.id} has no {metric.replace('_', ' ')} or no known size.",
                "Choose finished runs that were measured on held-out text.",
                training.asked.id,
            )
        found[key] = ScalePoint(
            run=training.asked.id,
            name=training.asked.state().name or training.spec.name,
            x=x,
            value=fmean(values),
            num_seeds=len(values),
            spread=math.sqrt(variance(values)) if len(values) > 1 else None,
        )
    return list(found.values())


def _value(training: Training, metric: str) -> float | None:
    is_done = training.run.done_file.exists()
    return training.final.values.get(metric) if is_done and training.final else None


def size_of(training: Training, by: ScaleAxis) -> float | None:
    """Parameters, tokens read, or about how many FLOPs training took."""
    parameters = training.parameters
    tokens = training.rows[-1].get("tokens") if training.rows else None
    match by:
        case "parameters":
            return float(parameters) if parameters else None
        case "tokens":
            return float(tokens) if tokens else None
        case "flops":
            return FLOPS * parameters * tokens if parameters and tokens else None


def _check_comparable(trainings: list[Training], metric: str) -> None:
    if metric not in load_catalog().metrics:
        raise InvalidSpec(
            "unknown-metric",
            f"There is no metric {metric!r}.",
            "Use validation_loss or bits_per_byte.",
        )
    texts = {one.spec.inputs.get("validation") for one in trainings}
    if len(texts) > 1:
        raise InvalidSpec(
            "other-held-out-text",
            "These runs were not measured on the same held-out tokens, so one curve cannot hold them.",
            "Choose runs of the same data and tokenizer.",
        )


def data_of(training: Training) -> str:
    """What a promise holds for: the same tokens to learn from and to be measured on."""
    return data_in(training.spec.inputs)


def data_in(inputs: dict[str, str]) -> str:
    """The same for a training that is only planned, from its inputs' artifacts."""
    return hash_json([inputs.get("train"), inputs.get("validation")])


# --- promises --------------------------------------------------------------------------------------------------------


def promise(
    store: Store,
    references: Sequence[str],
    x: float,
    by: ScaleAxis = "parameters",
    metric: str = "validation_loss",
) -> tuple[PromiseSpec, ScalingFit]:
    """Write down what a run of size `x` will measure, before it is run."""
    found = scaling_fit(store, references, by, metric, (x,))
    first = find_training(store, references[0])
    fields = {
        "made_at": utc_now(),
        "by": by,
        "metric": metric,
        "data": data_of(first),
        "prediction": found.predictions[0].to_json(),
        "runs": [point.run for point in found.points],
    }
    made = PromiseSpec.model_validate({"id": hash_json(fields)[:12], **fields})
    (store.root / FOLDER).mkdir(exist_ok=True)
    write_json(store.root / FOLDER / f"{made.id}.json", made.to_json())
    return made, found


def promises(store: Store) -> list[PromiseView]:
    """Every promise, newest first, with what became of it."""
    made = []
    for file in (store.root / FOLDER).glob("*.json"):
        try:
            made.append(PromiseSpec.model_validate(read_json(file)))
        except (ValueError, OSError):
            continue  # half a file of a writer that died: there was no promise
    if not made:
        return []
    works = [work for work in read_lineage(store).works if work.is_done]
    ordered = sorted(made, key=lambda one: one.made_at, reverse=True)
    return [_checked(store, one, works) for one in ordered]


def _checked(store: Store, made: PromiseSpec, works: list[Work]) -> PromiseView:
    """Held against the first run of that size and data that was begun after the promise."""
    for work in works:
        if work.created_at <= made.made_at or "architecture" not in work.inputs:
            continue
        try:
            training = read_training(store, store.runs.get(work.run))
        except GlassworksError:
            continue
        x, value = size_of(training, made.by), _value(training, made.metric)
        if x is None or value is None or data_of(training) != made.data:
            continue
        if abs(x / made.prediction.x - 1) <= NEAR_SHARE:
            is_kept = made.prediction.low <= value <= made.prediction.high
            return PromiseView(promise=made, run=work.run, x=x, measured=value, is_kept=is_kept)
    return PromiseView(promise=made)


# --- for the start card ----------------------------------------------------------------------------------------------


def predicted_final_loss(
    store: Store,
    parameters: int,
    tokens: int,
    data: str | None = None,
    metric: str = "validation_loss",
) -> PredictedLoss:
    """What a training that is only planned will end with, from finished runs here that read about as many tokens.

    `data`: `data_of` a run on the same tokens; None takes the data that the most recent finished training used.
    """
    known = [one for one in _finished(store) if _value(one, metric) is not None]
    if data is None and known:
        data = data_of(known[-1])
    alike = [one for one in known if data_of(one) == data and _reads_alike(one, tokens)]
    points = _points(alike, read_lineage(store), "parameters", metric)
    if len({point.x for point in points}) < MIN_POINTS:
        words = f"Not known yet: {MIN_POINTS} finished runs of other sizes on the same text tell it; there are {len({p.x for p in points})}."
        return PredictedLoss(prediction=None, metric=metric, num_runs=len(points), reason=words)
    found = fit_points(points, "parameters", metric, (float(parameters),))
    return PredictedLoss(
        prediction=found.predictions[0],
        metric=metric,
        num_runs=len(points),
        reason=next(iter(found.remarks), ""),
    )


def _finished(store: Store) -> list[Training]:
    """Every finished training, oldest first; what cannot be read is passed over."""
    found = []
    for work in read_lineage(store).works:
        if work.is_done and "architecture" in work.inputs:
            try:
                found.append(read_training(store, store.runs.get(work.run)))
            except GlassworksError:
                continue
    return found


def _reads_alike(training: Training, tokens: int) -> bool:
    read = training.rows[-1].get("tokens") if training.rows else None
    return bool(read) and abs(math.log(read / tokens)) <= math.log(1.25) if read else False
