"""A larger or smaller vocabulary: `{tokenizer, dataset, sizes, width, ...}` -> `{rows, counted_bytes}`.

The sizes go up to the tokenizer's own: a smaller vocabulary is the beginning of a larger one.
"""

from typing import Any

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op


class TokenizerWhatIf(Op):
    """What a vocabulary of each size saves in tokens and costs in parameters. Raises InvalidSpec without merges on bytes."""

    class Args(Spec):
        tokenizer: str
        dataset: str
        sizes: tuple[int, ...] = Field(min_length=1, max_length=200)
        width: int = Field(default=128, ge=1, le=65_536)
        is_tied: bool = True
        body_parameters: int = Field(default=0, ge=0)

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.tokenizer.analysis.what_if import what_if
        from glassworks.worker.ops._tokenizers import open_tokenizer
        from glassworks.worker.ops._usage import first_texts

        texts = first_texts(args.dataset)
        tokenizer = open_tokenizer(args.tokenizer)
        rows = what_if(tokenizer, texts, args.sizes, args.width, args.is_tied, args.body_parameters)
        counted = sum(len(text.encode()) for text in texts)
        return {"rows": [row.to_json() for row in rows], "counted_bytes": counted}
