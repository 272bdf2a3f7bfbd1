"""Take out documents whose text stood in the dataset before, letter for letter but for blanks at its ends.

Of each text 16 bytes of its sha256 are remembered on disk, so there may be any number of documents.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import ComparingFilter, Removed, Twin, Verdict
from glassworks.specs.base import Config as BaseConfig

CACHE_KIB = 64 << 10


class ExactDuplicates(ComparingFilter):
    """Take out documents that stood there before."""

    class Config(BaseConfig):
        kind: Literal["exact_duplicates"] = Field(
            default="exact_duplicates", description="Take out documents that stood there before."
        )

    def __init__(self, config: Any, scratch: Path) -> None:
        super().__init__(config, scratch)
        self._seen = sqlite3.connect(scratch / "exact.sqlite")
        self._seen.execute("PRAGMA synchronous = OFF")
        self._seen.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._seen.execute("CREATE TABLE seen (hash BLOB PRIMARY KEY, id TEXT) WITHOUT ROWID")

    @staticmethod
    def measure(document: Document) -> bytes:
        """A hash of the text."""
        return hashlib.sha256(document.text.strip().encode()).digest()[:16]

    def compare(self, ids: Sequence[str], measures: Sequence[bytes]) -> list[Verdict]:
        return [self._seen_before(id_, key) for id_, key in zip(ids, measures, strict=True)]

    def _seen_before(self, id_: str, key: bytes) -> Verdict:
        found = self._seen.execute("SELECT id FROM seen WHERE hash = ?", (key,)).fetchone()
        if found is not None:
            return Removed("the same text stood there before", twin=Twin(found[0], 1.0))
        self._seen.execute("INSERT INTO seen VALUES (?, ?)", (key, id_))
        return None

    def close(self) -> None:
        self._seen.close()
