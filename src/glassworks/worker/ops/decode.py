"""Token ids to text with a tokenizer of the store: `{store, tokenizer, ids}` -> `{text}`."""

from pathlib import Path
from typing import Any

from glassworks.common.errors import InvalidSpec
from glassworks.lm.tokenizer import load_tokenizer
from glassworks.specs.base import Spec
from glassworks.storage.store import Store
from glassworks.worker.ops.base import Op


class Decode(Op):
    """Put tokens together into text."""

    class Args(Spec):
        store: str
        tokenizer: str
        ids: tuple[int, ...]

    def run(self, args: Args) -> dict[str, Any]:
        tokenizer = load_tokenizer(Store(Path(args.store)).artifacts.path(args.tokenizer))
        wrong = [one for one in args.ids if not 0 <= one < tokenizer.vocab_size]
        if wrong:
            raise InvalidSpec(
                "unknown-token",
                f"{wrong[0]} is not a token of this tokenizer.",
                f"It has the tokens 0 to {tokenizer.vocab_size - 1}.",
                "ids",
            )
        return {"text": tokenizer.decode(args.ids)}
