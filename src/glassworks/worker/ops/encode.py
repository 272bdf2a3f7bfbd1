"""Text to token ids with a tokenizer of the store: `{store, tokenizer, text}` -> `{ids, pieces}`."""

from pathlib import Path
from typing import Any

from glassworks.lm.tokenizer import load_tokenizer
from glassworks.specs.base import Spec
from glassworks.storage.store import Store
from glassworks.worker.ops.base import Op


class Encode(Op):
    """Cut a text into tokens."""

    class Args(Spec):
        store: str
        tokenizer: str
        text: str

    def run(self, args: Args) -> dict[str, Any]:
        tokenizer = load_tokenizer(Store(Path(args.store)).artifacts.path(args.tokenizer))
        ids = tokenizer.encode(args.text)
        return {"ids": ids, "pieces": [tokenizer.decode([one]) for one in ids]}
