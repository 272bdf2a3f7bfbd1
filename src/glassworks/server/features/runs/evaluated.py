"""What a finished run measured, as views: the documents in its artifacts, without their samples and details."""

from typing import Any

from glassworks.engine.evaluations import evaluations_of
from glassworks.server.features.runs.evaluation_schemas import (
    EvaluationView,
    HeldOutLossView,
    ScoreView,
    YardstickView,
)
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store


def evaluations(store: Store, run: RunFolder) -> list[EvaluationView]:
    """Raises nothing: what cannot be read is left out."""
    return [_view(document) for document in evaluations_of(store, run.state().outputs)]


def _view(document: dict[str, Any]) -> EvaluationView:
    loss = document.get("loss")
    return EvaluationView(
        artifact=document["artifact"],
        step=document["step"],
        loss=_loss(loss) if loss else None,
        yardsticks=tuple(
            YardstickView(kind=one["kind"], label=one["label"], loss=_loss(one["loss"]))
            for one in document.get("yardsticks", ())
        ),
        scores=tuple(ScoreView(**one) for one in document.get("scores", ())),
    )


def _loss(loss: dict[str, Any]) -> HeldOutLossView:
    return HeldOutLossView(
        **{name: loss[name] for name in HeldOutLossView.model_fields if name in loss}
    )
