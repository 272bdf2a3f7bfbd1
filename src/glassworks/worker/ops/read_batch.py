"""What a training read at one step: `{store, tokens, tokenizer, architecture, checkpoint?, ...}` -> rows of tokens with their loss.

    num_rows, num_tokens, num_trained, num_scored_rows   of the batch
    weights_step, mean_nats                              whose loss it is; its mean over the trained targets of the scored rows
    rows       [{row, part, start, stretches: [{document, ordinal, source, group, start, stop, ...}],
                 tokens: [{id, text, nats, is_trained}]}]   from `row` on; the first token of a row is only read
    surprising [{row, place, text, nats, before, after, document}]   the trained targets that surprise most, in the scored rows

Without a checkpoint the weights are those that the run began with: drawn from its seed, or taken from `init_from`. A batch that takes
more than WHOLE_FLOPS to score is scored by the rows that are asked for only.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

WHOLE_FLOPS = 4e11
"""About ten seconds of one thread."""
NUM_SURPRISING = 20
AROUND = 12
"""Tokens on either side of a surprising one."""
MAX_TOKENS = 32_768
"""Of an answer; of longer rows fewer are told."""


class ReadBatch(Op):
    """Read a batch again. Raises NotFound (an artifact that is gone), BadData, InvalidSpec."""

    class Args(Spec):
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
        row: int = Field(default=0, ge=0)
        rows: int = Field(default=4, ge=1)

    def run(self, args: Args) -> dict[str, Any]:
        shown = args.model_dump(exclude={"row", "rows"})
        told: dict[str, Any] = _batch(args.model_validate(shown)).told(args.row, args.rows)
        return told


@lru_cache(maxsize=4)
def _batch(args: ReadBatch.Args) -> Any:
    from glassworks.worker.ops._batches import ToldBatch

    return ToldBatch(args)


def artifact_folder(store: str, artifact: str) -> Path:
    """Raises NotFound when it is not in the store."""
    from glassworks.storage.store import Store

    return Store(Path(store)).artifacts.path(artifact)
