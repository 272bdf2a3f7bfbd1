"""What of a text stands word for word in indexed texts: `{indexes, text, min_characters, held_out?}` -> spans with their sources.

    num_characters, num_copied, share
    spans   [{start, stop, text, num_times, places: [{index, ordinal, document, source, offset, before, after}]}]
    chance  {share, num_passages, num_characters}   the same figure of passages as long as the text from a dataset that was held out

`chance` says what the share is to be compared with: names, headings and figures of speech come again in any text.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

MAX_CHARACTERS = 20_000
NUM_PASSAGES = 16
CHANCE_CHARACTERS = 20_000
"""Held-out text that is looked up in all: of longer texts fewer passages."""


class FindCopies(Op):
    """Tell what is copied and what is composed. Raises NotFound (no index), BadData (a damaged one)."""

    class Args(Spec):
        indexes: tuple[str, ...] = Field(min_length=1, max_length=64)
        text: str = Field(max_length=MAX_CHARACTERS)
        min_characters: int = Field(default=20, ge=1, le=MAX_CHARACTERS)
        held_out: str | None = None

    def run(self, args: Args) -> dict[str, Any]:
        from dataclasses import asdict

        from glassworks.lm.data.suffix import find_copies

        indexes = [_opened(folder) for folder in args.indexes]
        found = find_copies(indexes, args.text, args.min_characters)
        spans = [
            {"text": args.text[span.start : span.stop], **asdict(span)} for span in found.spans
        ]
        return {
            "num_characters": found.num_characters,
            "num_copied": found.num_copied,
            "share": found.share,
            "spans": spans,
            "chance": _chance(args, indexes) if args.held_out and args.text else None,
        }


@lru_cache(maxsize=16)
def _opened(folder: str) -> Any:
    """An artifact never changes, so an index stays open."""
    from glassworks.lm.data.suffix import TextIndex

    return TextIndex(Path(folder))


def _chance(args: FindCopies.Args, indexes: list[Any]) -> dict[str, Any]:
    from glassworks.lm.data import DatasetReader
    from glassworks.lm.data.suffix.looking_up import find_share, passages

    length = len(args.text)
    num = max(1, min(NUM_PASSAGES, CHANCE_CHARACTERS // length))
    found = passages(DatasetReader(Path(args.held_out or "")), length, num)
    texts = [text for passage in found for text in passage]
    return {
        "share": find_share(indexes, texts, args.min_characters),
        "num_passages": len(found),
        "num_characters": sum(map(len, texts)),
    }
