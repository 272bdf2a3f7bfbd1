"""Tokenizers that many people know: `{}` -> `{known: [{name, title, note, package, is_present}]}`. None is opened."""

from typing import Any

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op


class TokenizerKnown(Op):
    """Which of them are on this machine, and which package would bring the others."""

    class Args(Spec):
        pass

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.tokenizer.foreign.known import BYTES, KNOWN

        known = [
            {
                "name": name,
                "title": one.title,
                "note": one.note,
                "package": one.package,
                "is_present": name == BYTES or one.find() is not None,
            }
            for name, one in KNOWN.items()
        ]
        return {"known": known}
