"""Documents of a dataset by their places: `{folder, ordinals}` or `{folder, offset, limit}` -> `{num_documents, documents}`.

Each text from `start` on, cut at `max_characters`; an answer holds MAX_CHARACTERS at most, so of many long texts the last ones
are cut shorter. Only the row groups that hold what is asked for are read.
"""

from pathlib import Path
from typing import Any

from pydantic import Field

from glassworks.common.hashing import canonical_json
from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

MAX_CHARACTERS = 4_000_000
MAX_DOCUMENTS = 1_000


class ReadDocuments(Op):
    """Look at some documents. Raises NotFound (no dataset), BadData (a damaged table)."""

    class Args(Spec):
        folder: str
        ordinals: tuple[int, ...] | None = Field(default=None, max_length=MAX_DOCUMENTS)
        offset: int = Field(default=0, ge=0)
        limit: int = Field(default=20, ge=1, le=MAX_DOCUMENTS)
        start: int = Field(default=0, ge=0)
        max_characters: int = Field(default=4_000, ge=1, le=MAX_CHARACTERS)

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.data import DatasetReader

        dataset = DatasetReader(Path(args.folder))
        ordinals = args.ordinals
        if ordinals is None:
            ordinals = tuple(range(args.offset, args.offset + args.limit))
        room, documents = MAX_CHARACTERS, []
        for ordinal, document in dataset.at(ordinals):
            shown = view(ordinal, document, args.start, min(args.max_characters, room))
            room -= len(shown["text"])
            documents.append(shown)
        return {"num_documents": dataset.num_documents, "documents": documents}


def view(ordinal: int, document: Any, start: int, max_characters: int) -> dict[str, Any]:
    """One document as it is shown; `is_cut` when its text, or a value of its `meta`, is longer than that."""
    text = document.text[start : start + max_characters]
    meta = {k: v for k, v in document.meta.items() if len(canonical_json(v)) <= max_characters}
    return {
        "ordinal": ordinal,
        "id": document.id,
        "source": document.source,
        "group": document.group,
        "num_bytes": document.num_bytes,
        "num_characters": len(document.text),
        "text": text,
        "is_cut": start + len(text) < len(document.text) or len(meta) < len(document.meta),
        "meta": meta,
    }
