"""Where documents hold searched words: `{folder, ordinals, terms: [{text, is_prefix}], width}` -> `{matches}`.

Each match is a document with the piece of its text that shows most of the terms, and the places of the terms in that piece.
"""

from pathlib import Path
from typing import Any

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op


class TermSpec(Spec):
    """Words that follow each other; with `is_prefix` the last one is only a beginning."""

    text: str
    is_prefix: bool = False


class ShowMatches(Op):
    """Make a snippet of each document. Raises NotFound (no dataset), BadData (a damaged table)."""

    class Args(Spec):
        folder: str
        ordinals: tuple[int, ...] = Field(max_length=200)
        terms: tuple[TermSpec, ...] = Field(max_length=100)
        width: int = Field(default=240, ge=40, le=2_000)

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.data import DatasetReader
        from glassworks.lm.data.snippets import make_snippet, make_term

        terms = [make_term(term.text, term.is_prefix) for term in args.terms]
        matches = []
        for ordinal, document in DatasetReader(Path(args.folder)).at(args.ordinals):
            snippet = make_snippet(document.text, terms, args.width)
            matches.append(
                {
                    "ordinal": ordinal,
                    "id": document.id,
                    "source": document.source,
                    "group": document.group,
                    "num_bytes": document.num_bytes,
                    "num_characters": len(document.text),
                    "start": snippet.start,
                    "text": snippet.text,
                    "marks": [list(mark) for mark in snippet.marks],
                }
            )
        return {"matches": matches}
