"""Texts to token ids: `{tokenizer, texts, with_special, has_tokens}` -> `{results: [{ids, tokens?}]}`.

`tokens`, where asked for, shows each token: its text, its bytes, whether it is special, and which bytes of the text it stands for.
"""

from typing import Any

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

MAX_TEXTS = 10_000


class TokenizerEncode(Op):
    """Cut texts into tokens. Raises BadData for what cannot be spelled, LimitReached."""

    class Args(Spec):
        tokenizer: str
        texts: tuple[str, ...] = Field(max_length=MAX_TEXTS)
        with_special: bool = False
        has_tokens: bool = False

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.tokenizer.analysis.spans import spans
        from glassworks.lm.tokenizer.analysis.tokens import view_token
        from glassworks.worker.ops._tokenizers import check_length, open_tokenizer

        check_length(sum(map(len, args.texts)))
        tokenizer = open_tokenizer(args.tokenizer)
        if args.with_special:
            encoded = [tokenizer.encode(text, with_special=True) for text in args.texts]
        else:
            encoded = tokenizer.encode_many(args.texts)
        results: list[dict[str, Any]] = [{"ids": ids} for ids in encoded]
        for text, result in zip(args.texts, results, strict=True) if args.has_tokens else ():
            places = spans(tokenizer, text, result["ids"], args.with_special)
            result["tokens"] = [
                {**view_token(tokenizer, id_).to_json(), "start": start, "end": end}
                for id_, (start, end) in zip(result["ids"], places, strict=True)
            ]
        return {"results": results}
