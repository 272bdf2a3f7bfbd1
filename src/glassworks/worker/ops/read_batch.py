"""What a training read at one step: `{store, tokens, tokenizer, architecture, checkpoint?, ...}` -> rows of tokens with their loss.

    num_rows, num_tokens, num_trained, num_scored_rows   of the batch
    weights_step, mean_nats                              whose loss it is; its mean over the trained targets of the scored rows
    rows       [{row, part, start, stretches: [{document, ordinal, source, group, start, stop, ...}],
                 tokens: [{id, text, nats, is_trained}]}]   from `row` on; the first token of a row is only read
    surprising [{row, place, text, nats, before, after, document}]   the trained targets that surprise most, in the scored rows

Without a checkpoint the weights are those that the run began with: drawn from its seed, or taken from `init_from`. A batch that takes
more than ten seconds of one thread to score is scored by the rows that are asked for only.
"""

from functools import lru_cache
from typing import Any

from pydantic import Field

from glassworks.worker.ops._batch_question import BatchQuestion
from glassworks.worker.ops.base import Op


class ReadBatch(Op):
    """Read a batch again. Raises NotFound (an artifact that is gone), BadData, InvalidSpec."""

    class Args(BatchQuestion):
        row: int = Field(default=0, ge=0)
        rows: int = Field(default=4, ge=1)

    def run(self, args: Args) -> dict[str, Any]:
        question = BatchQuestion.model_validate(args.model_dump(exclude={"row", "rows"}))
        told: dict[str, Any] = _batch(question).told(args.row, args.rows)
        return told


@lru_cache(maxsize=4)
def _batch(question: BatchQuestion) -> Any:
    from glassworks.worker.ops._batches import ToldBatch

    return ToldBatch(question)
