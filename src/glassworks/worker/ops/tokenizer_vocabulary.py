"""Leafing through a vocabulary: `{tokenizer, dataset?, order, contains, offset, limit}` -> `{rows, total, counted_bytes}`."""

from functools import lru_cache
from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import InvalidSpec
from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

COUNTED = ("most_used", "rarest", "never_used", "only_inside")
"""Orders that say something only where it is counted how often tokens come."""
Order = Literal["id", "longest", "most_used", "rarest", "never_used", "nested", "only_inside"]


class TokenizerVocabulary(Op):
    """Tokens in an order, those whose text holds `contains`; how often each comes, where a dataset is given.

    Raises InvalidSpec for an order by counts without a dataset.
    """

    class Args(Spec):
        tokenizer: str
        dataset: str | None = None
        order: Order = "id"
        contains: str = Field(default="", max_length=200)
        offset: int = Field(default=0, ge=0)
        limit: int = Field(default=100, ge=1, le=1000)

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.tokenizer.analysis.vocabulary import browse
        from glassworks.worker.ops._usage import usage_in

        if args.dataset is None and args.order in COUNTED:
            raise _needs_counts(args.order)
        rows = browse(_rows(args.tokenizer, args.dataset), args.order, args.contains)
        shown = rows[args.offset : args.offset + args.limit]
        counted = usage_in(args.tokenizer, args.dataset) if args.dataset else None
        return {
            "rows": [row.to_json() for row in shown],
            "total": len(rows),
            "counted_bytes": counted.num_bytes if counted else 0,
        }


@lru_cache(maxsize=2)
def _rows(tokenizer: str, dataset: str | None) -> Any:
    from glassworks.lm.tokenizer.analysis.vocabulary import vocabulary
    from glassworks.worker.ops._tokenizers import open_tokenizer
    from glassworks.worker.ops._usage import usage_in

    counts = usage_in(tokenizer, dataset).tokens if dataset else None
    return vocabulary(open_tokenizer(tokenizer), counts)


def _needs_counts(order: str) -> InvalidSpec:
    return InvalidSpec(
        "order-needs-dataset",
        f"The order {order!r} needs to know how often tokens come, and no dataset is given.",
        "Give the dataset in which to count.",
        "dataset",
    )
