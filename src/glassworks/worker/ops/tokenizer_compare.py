"""Tokenizers side by side: `{tokenizers: {name: where}, texts}` -> `{rows}`, and on the kinds of text that we bring along.

`rows`: on the given texts, all, by script and by kind. `probes`: bytes per token on short texts of several kinds, which every
installation has, so that two people compare the same.
"""

from typing import Annotated, Any

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

MAX_TOKENIZERS = 4


class TokenizerCompare(Op):
    """Tokens and bytes per token of two to four tokenizers, with intervals where there are enough texts."""

    class Args(Spec):
        tokenizers: Annotated[dict[str, str], Field(min_length=1, max_length=MAX_TOKENIZERS)]
        texts: tuple[str, ...] = ()
        has_probes: bool = False

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.tokenizer.analysis.compare import compare
        from glassworks.lm.tokenizer.analysis.probes import PROBES
        from glassworks.worker.ops._tokenizers import check_length, open_tokenizer

        check_length(sum(map(len, args.texts)))
        opened = {name: open_tokenizer(where) for name, where in args.tokenizers.items()}
        rows = compare(opened, args.texts)
        probes = []
        for group, texts in PROBES.items() if args.has_probes else ():
            probes += [
                {**row.to_json(), "group": group}
                for row in compare(opened, texts)
                if row.by == "all"
            ]
        return {"rows": [row.to_json() for row in rows], "probes": probes}
