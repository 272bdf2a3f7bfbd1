"""Every step of cutting a text: `{tokenizer, text, dataset?}` -> `{words, merges, ids, ...}`.

In a dataset, where one is given, it is also counted how often each merge is made (`merge_counts`, rank -> times) and how often
each token on the way is left over (`token_counts`, id -> times). Parts of merges stand as the vocabulary spells them (`left`) and
as they read (`left_text`).
"""

from typing import Any

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op


class TokenizerTrace(Op):
    """Words, then merge after merge, in the order in which they were learned. Raises LimitReached, BadData."""

    class Args(Spec):
        tokenizer: str
        text: str
        dataset: str | None = None

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.tokenizer.analysis.tokens import view_token
        from glassworks.lm.tokenizer.analysis.trace import trace
        from glassworks.worker.ops._tokenizers import open_tokenizer
        from glassworks.worker.ops._usage import usage_in

        tokenizer = open_tokenizer(args.tokenizer)
        traced = trace(tokenizer, args.text)
        found = {**traced.to_json(), "base_ids": _base_ids(tokenizer, traced)}
        for merge in found["merges"]:
            for part in ("left", "right"):
                merge[f"{part}_id"] = id_ = tokenizer.layout.vocab[merge[part]]
                merge[f"{part}_text"] = view_token(tokenizer, id_).text
            merge["text"] = view_token(tokenizer, merge["id"]).text
        if args.dataset is None:
            return {**found, "counted_bytes": 0, "merge_counts": {}, "token_counts": {}}
        counted = usage_in(args.tokenizer, args.dataset)
        ids = {*traced.ids, *(merge.id for merge in traced.merges), *_flat(found["base_ids"])}
        return {
            **found,
            "counted_bytes": counted.num_bytes,
            "merge_counts": {
                str(merge.rank): counted.merges[merge.rank] for merge in traced.merges
            },
            "token_counts": {str(id_): counted.tokens[id_] for id_ in sorted(ids)},
        }


def _base_ids(tokenizer: Any, traced: Any) -> list[list[int]]:
    """The id of each symbol that the merges begin with; -1 where a symbol is none."""
    vocab = tokenizer.layout.vocab
    return [[vocab.get(symbol, -1) for symbol in word.symbols] for word in traced.words]


def _flat(lists: list[list[int]]) -> list[int]:
    return [id_ for ids in lists for id_ in ids if id_ >= 0]
