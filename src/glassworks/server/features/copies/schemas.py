"""What goes in and out about copies. Places are in characters; characters are compared as they are."""

from typing import Any

from pydantic import ConfigDict, Field

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.copies import MAX_CHARACTERS, MIN_CHARACTERS
from glassworks.specs.base import Spec

EXAMPLE: dict[str, Any] = {
    "model": "model/first-model@2",
    "min_characters": 20,
    "texts": [{"dataset": "9d41c07b", "label": "the train part of plays@1"}],
    "num_characters": 61,
    "num_copied": 24,
    "share": 0.393,
    "spans": [
        {
            "start": 8,
            "stop": 32,
            "text": "the king and all his men",
            "num_times": 3,
            "places": [
                {
                    "index": 0,
                    "ordinal": 17,
                    "document": "hamlet-1-1",
                    "source": "hamlet.md",
                    "offset": 4120,
                    "before": "Where is ",
                    "after": " tonight?",
                }
            ],
        }
    ],
    "chance": {"share": 0.021, "num_passages": 16, "num_characters": 976},
}


class CopiesAsk(Spec):
    """A text, and the model whose training text it is looked up in."""

    ref: str = Field(max_length=200, examples=["first-model"])
    project: str = Field(default=DEFAULT_PROJECT, examples=[DEFAULT_PROJECT])
    text: str = Field(max_length=MAX_CHARACTERS, examples=["Where is the king and all his men?"])
    min_characters: int = Field(
        default=MIN_CHARACTERS, ge=1, le=1000, description="Shortest stretch that counts."
    )


class IndexAsk(Spec):
    ref: str = Field(max_length=200, examples=["first-model"])
    project: str = Field(default=DEFAULT_PROJECT, examples=[DEFAULT_PROJECT])


class IndexOrdered(Spec):
    """`run` is None where the text was indexed before."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"run": "r4k7m2p9xq", "is_resumed": False}]}
    )

    run: str | None = None
    is_resumed: bool = False


class TextView(Spec):
    """A dataset that the model learned from."""

    dataset: str
    label: str


class PlaceView(Spec):
    """Where a stretch stands: in which of `texts`, in which document (by its place there, from 0), from which character on."""

    index: int
    ordinal: int
    document: str
    source: str
    offset: int
    before: str
    after: str


class SpanView(Spec):
    """Characters `start` to `stop` of the text. The first places are told; `num_times` counts all."""

    start: int
    stop: int
    text: str
    num_times: int
    places: tuple[PlaceView, ...]


class ChanceView(Spec):
    """What the share is of passages of the same length from text that was held out."""

    share: float
    num_passages: int
    num_characters: int


class CopiesView(Spec):
    """Spans may overlap; `num_copied` counts each character once. `chance` is None where nothing was held out."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    model: str
    min_characters: int
    texts: tuple[TextView, ...]
    num_characters: int
    num_copied: int
    share: float
    spans: tuple[SpanView, ...]
    chance: ChanceView | None = None
