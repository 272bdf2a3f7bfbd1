"""What is answered about the batch of a step. Losses are in nats; places of tokens count from 0 within their row."""

from typing import Any, Literal

from pydantic import ConfigDict

from glassworks.specs.base import Spec

EXAMPLE: dict[str, Any] = {
    "run": "r4k7m2p9xq",
    "step": 437,
    "last_step": 1200,
    "rank": 0,
    "world": 1,
    "weights": {
        "kind": "saved",
        "step": 400,
        "run": "r4k7m2p9xq",
        "checkpoint": "5c08e7a1",
        "dtype": "bf16",
    },
    "num_rows": 16,
    "context": 128,
    "num_tokens": 2048,
    "num_trained": 2048,
    "num_scored_rows": 16,
    "mean_nats": 3.61,
    "recorded_loss": 3.58,
    "rows": [
        {
            "row": 0,
            "part": "",
            "start": 81920,
            "dataset": "9d41c07b",
            "dataset_label": "the train part of plays@1",
            "stretches": [
                {
                    "document": "hamlet-1-1",
                    "ordinal": 17,
                    "source": "hamlet.md",
                    "group": "hamlet",
                    "start": 0,
                    "stop": 3,
                    "offset": 212,
                    "is_begun": False,
                    "is_ended": False,
                }
            ],
            "tokens": [
                {"id": 310, "text": "Who", "nats": None, "is_trained": False},
                {"id": 405, "text": "'s", "nats": 4.02, "is_trained": True},
                {"id": 733, "text": " there", "nats": 1.37, "is_trained": True},
            ],
        }
    ],
    "surprising": [
        {
            "row": 0,
            "place": 1,
            "text": "'s",
            "nats": 4.02,
            "before": "Who",
            "after": " there",
            "document": "hamlet-1-1",
        }
    ],
}


class WeightsView(Spec):
    """Whose loss is told: `saved` after `step` updates of `run`, or what the run began with (`fresh`, `begun` from another model)."""

    kind: Literal["saved", "fresh", "begun"]
    step: int
    run: str
    checkpoint: str | None = None
    dtype: str


class StretchView(Spec):
    """Tokens `start` to `stop` of a row, all of one document, of which they begin with token `offset`.

    `ordinal` is the document's place in its dataset, counted from 0.
    """

    document: str
    ordinal: int
    source: str | None = None
    group: str | None = None
    start: int
    stop: int
    offset: int
    is_begun: bool
    is_ended: bool


class ReadToken(Spec):
    """The first token of a row is only read. Where `is_trained` is false nothing is learned from guessing it."""

    id: int
    text: str
    nats: float | None = None
    is_trained: bool


class RowView(Spec):
    """A window of the batch. `part` names a mixture's part; `start` is its place in the token stream."""

    row: int
    part: str
    start: int
    dataset: str | None = None
    dataset_label: str | None = None
    stretches: tuple[StretchView, ...]
    tokens: tuple[ReadToken, ...]


class SurpriseView(Spec):
    """A token that surprised the model, with what stands around it."""

    row: int
    place: int
    text: str
    nats: float
    before: str
    after: str
    document: str


class BatchView(Spec):
    """What `run` read at `step`. `mean_nats` and `surprising` are of the `num_scored_rows` rows that were scored: all of them, or
    of a batch too large for that the rows that were asked for. `recorded_loss` is what the run itself wrote down at this step.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    run: str
    step: int
    last_step: int
    rank: int
    world: int
    weights: WeightsView
    num_rows: int
    context: int
    num_tokens: int
    num_trained: int
    num_scored_rows: int
    mean_nats: float | None = None
    recorded_loss: float | None = None
    rows: tuple[RowView, ...]
    surprising: tuple[SurpriseView, ...]
