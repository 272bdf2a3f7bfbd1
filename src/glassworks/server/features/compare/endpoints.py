"""`/api/compare`: two to four runs side by side."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from glassworks.engine.compare import compare_runs
from glassworks.server.http.context import ContextDep
from glassworks.specs.comparison import RunComparison

router = APIRouter(prefix="/compare")
RunsQuery = Annotated[
    list[str], Query(description="Two to four runs.", examples=[["r4k7m2p9xq", "r2ab3cd4ef"]])
]
WidthQuery = Annotated[
    int, Query(ge=10, le=2000, description="Points of a curve at most.", examples=[400])
]

SIDE: dict[str, Any] = {
    "letter": "A",
    "run": "r4k7m2p9xq",
    "name": "first-model",
    "recipe": "first-model",
    "training": "r2ab3cd4ef",
    "status": "done",
    "seed": 1337,
    "repeats": ["r2ab3cd4ef"],
}
OTHER: dict[str, Any] = {**SIDE, "letter": "B", "run": "r5t6y7u8iq", "training": "r9o8i7u6yt"}
NOISE: dict[str, Any] = {
    "difference": 0.02,
    "margin": None,
    "is_beyond": None,
    "rule": "unknown",
    "words": "One run each: whether another seed alone does as much cannot be said.",
}
MEASURE: dict[str, Any] = {
    "metric": "bits_per_byte",
    "label": "Bits per byte",
    "unit": "bits/byte",
    "is_lower_better": True,
    "values": [1.921, 1.941],
    "means": [1.921, 1.941],
    "spreads": [None, None],
    "intervals": [[1.9, 1.94], None],
    "noise": [None, NOISE],
}
CURVES: dict[str, Any] = {
    "curve": {"steps": [100], "tokens": [204800], "seconds": [6.1], "loss": [4.9]},
    "points": [
        {
            "step": 100,
            "tokens": 204800,
            "seconds": 6.1,
            "values": {"bits_per_byte": 2.4},
            "intervals": {},
        }
    ],
    "repeats": [],
}
EXAMPLE: dict[str, Any] = {
    "sides": [SIDE, OTHER],
    "settings": [{"field": "train.optimizer.learning_rate", "values": [0.02, 0.01]}],
    "num_settings": 41,
    "measures": [MEASURE],
    "curves": [CURVES, CURVES],
    "verdict": "A needs 0.020 bits/byte less than B. One run each: whether another seed alone does as much cannot be said.",
}


@router.get(
    "",
    summary="Hold runs against each other",
    responses={200: {"content": {"application/json": {"example": EXAMPLE}}}},
)
def read_comparison(run: RunsQuery, context: ContextDep, width: WidthQuery = 400) -> RunComparison:
    """What differs in their settings, how they learned, what came out, and whether it is more than noise."""
    return compare_runs(context.workshop.store, run, width)
