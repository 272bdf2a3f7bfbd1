"""Token ids to text: `{tokenizer, ids: [[...], ...], has_tokens}` -> `{results: [{text, hex, tokens?}]}`.

`hex` are the exact bytes: half a character is no text, and stands in `text` as U+FFFD. `tokens`, where asked for, shows each id.
"""

from typing import Any

from pydantic import Field

from glassworks.common.errors import InvalidSpec
from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

MAX_LISTS = 10_000


class TokenizerDecode(Op):
    """Put tokens together into text. Raises InvalidSpec for an id that the tokenizer does not have."""

    class Args(Spec):
        tokenizer: str
        ids: tuple[tuple[int, ...], ...] = Field(max_length=MAX_LISTS)
        has_tokens: bool = False

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.tokenizer.analysis.tokens import view_token
        from glassworks.worker.ops._tokenizers import check_length, open_tokenizer

        check_length(sum(map(len, args.ids)))
        tokenizer = open_tokenizer(args.tokenizer)
        results: list[dict[str, Any]] = []
        for ids in args.ids:
            _check_ids(ids, tokenizer.vocab_size)
            text, data = tokenizer.decode(ids), tokenizer.decode_bytes(ids)
            results.append({"text": text, "hex": data.hex()})
            if args.has_tokens:
                results[-1]["tokens"] = [view_token(tokenizer, id_).to_json() for id_ in ids]
        return {"results": results}


def _check_ids(ids: tuple[int, ...], vocab_size: int) -> None:
    wrong = next((id_ for id_ in ids if not 0 <= id_ < vocab_size), None)
    if wrong is not None:
        raise InvalidSpec(
            "unknown-token",
            f"{wrong} is not a token of this tokenizer.",
            f"It has the tokens 0 to {vocab_size - 1}.",
            "ids",
        )
