"""Which batch is asked about, and under which weights. It stands alone, so that whoever asks needs nothing that computes."""

from typing import Literal

from pydantic import Field

from glassworks.specs.base import Spec


class BatchQuestion(Spec):
    """Artifacts by their ids in `store`, and the place of the batch in a training."""

    store: str
    tokens: str
    tokenizer: str
    architecture: str
    checkpoint: str | None = None
    init_from: str | None = None
    datasets: tuple[str | None, ...] = ()
    """The dataset of each part, where it is known."""
    seed: int
    step: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    rank: int = Field(default=0, ge=0)
    world: int = Field(default=1, ge=1)
    is_across_documents: bool = False
    dtype: Literal["fp32", "bf16"] = "fp32"
