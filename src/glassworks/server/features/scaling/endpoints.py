"""`/api/scaling`: a law through finished runs, what it predicts, and the promises made from it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from glassworks.engine.scaling import promise, promises, scaling_fit
from glassworks.engine.sweep_table import with_variants
from glassworks.server.http.context import ContextDep
from glassworks.specs.base import Spec
from glassworks.specs.scaling import PromiseView, ScaleAxis, ScalingFit

router = APIRouter(prefix="/scaling")
RunsQuery = Annotated[
    list[str],
    Query(
        description="Three or more runs, or a sweep, which stands for its variants.",
        examples=[["r4k7m2p9xq"]],
    ),
]
ByQuery = Annotated[ScaleAxis, Query(description="What grows.", examples=["parameters"])]
MetricQuery = Annotated[str, Query(description="What falls.", examples=["validation_loss"])]
AtQuery = Annotated[list[float] | None, Query(description="Sizes to predict.", examples=[[2e7]])]

PREDICTION: dict[str, Any] = {"x": 2e7, "value": 3.21, "low": 3.1, "high": 3.33, "reach": 4.2}
ESTIMATED: dict[str, Any] = {"value": 2.1, "low": 1.4, "high": 2.5}
POINT: dict[str, Any] = {
    "run": "r2ab3cd4ef",
    "name": "depth-scaling/train-1",
    "x": 312000.0,
    "value": 4.02,
    "num_seeds": 1,
    "spread": None,
    "residual": 0.004,
}
FIT: dict[str, Any] = {
    "by": "parameters",
    "metric": "validation_loss",
    "points": [POINT],
    "floor": ESTIMATED,
    "scale": {"value": 41.0, "low": 20.0, "high": 80.0},
    "exponent": {"value": 0.24, "low": 0.15, "high": 0.4},
    "sigma": 0.02,
    "sigma_source": "residuals",
    "curve": [PREDICTION],
    "predictions": [PREDICTION],
    "remarks": [
        "Three sizes fix the three numbers of the curve, so nothing is left to test it with."
    ],
}
PROMISE: dict[str, Any] = {
    "promise": {
        "id": "4f1c4f1c4f1c",
        "made_at": "2026-03-01T12:00:00.000000Z",
        "by": "parameters",
        "metric": "validation_loss",
        "data": "4f1c" * 16,
        "prediction": PREDICTION,
        "runs": ["r2ab3cd4ef"],
    },
    "run": "r9o8i7u6yt",
    "x": 2.01e7,
    "measured": 3.19,
    "is_kept": True,
}


class PromiseCreate(Spec):
    """Which runs the law goes through, and the size whose figure is written down."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"runs": ["r4k7m2p9xq"], "x": 20_000_000}]}
    )

    runs: tuple[str, ...] = Field(min_length=1)
    x: float = Field(gt=0)
    by: ScaleAxis = "parameters"
    metric: str = "validation_loss"


class PromiseList(Spec):
    """Newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [PROMISE]}]})

    items: tuple[PromiseView, ...]


@router.get(
    "",
    summary="Fit a scaling law",
    responses={200: {"content": {"application/json": {"example": FIT}}}},
)
def read_scaling(
    run: RunsQuery,
    context: ContextDep,
    by: ByQuery = "parameters",
    metric: MetricQuery = "validation_loss",
    at: AtQuery = None,
) -> ScalingFit:
    """The law with its doubt, the curve with its band, and a prediction for each size asked for."""
    store = context.workshop.store
    return scaling_fit(store, with_variants(store, run), by, metric, at or ())


@router.get("/promises", summary="List the promises")
def list_promises(context: ContextDep) -> PromiseList:
    """Predictions that were written down, each with what a run of that size measured since."""
    return PromiseList(items=tuple(promises(context.workshop.store)))


@router.post(
    "/promises",
    status_code=201,
    summary="Write a prediction down",
    responses={201: {"content": {"application/json": {"example": {**PROMISE, "run": None}}}}},
)
def create_promise(body: PromiseCreate, context: ContextDep) -> PromiseView:
    """What a run of this size will measure, before it is run; never changed afterwards."""
    store = context.workshop.store
    made, _ = promise(store, with_variants(store, body.runs), body.x, body.by, body.metric)
    return PromiseView(promise=made)
