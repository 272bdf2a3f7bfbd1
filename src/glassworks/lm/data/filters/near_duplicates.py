"""Take out documents that are nearly the same as one that stood there before (see `lm/data/minhash.py`).

The similarity is an estimate from 128 numbers: it is off by about 0.04. A removed document is no twin for later ones.
"""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import Filter, Removed, Twin, Verdict
from glassworks.lm.data.minhash import NearIndex, signature
from glassworks.specs.base import Config as BaseConfig


class NearDuplicates(Filter):
    """Take out documents that are nearly the same as an earlier one."""

    libraries = ("numpy",)

    class Config(BaseConfig):
        kind: Literal["near_duplicates"] = Field(
            default="near_duplicates",
            description="Take out documents that are nearly the same as an earlier one.",
        )
        threshold: float = Field(
            default=0.8,
            ge=0.5,
            le=1,
            description="Share of runs of five words in common from which on two are the same.",
        )

    def __init__(self, config: Any, scratch: Path) -> None:
        super().__init__(config, scratch)
        self._index = NearIndex(scratch, config.threshold)

    def look(self, document: Document) -> Verdict:
        found = signature(document.text)
        match = self._index.find(found)
        if match is not None:
            twin = Twin(match.id, round(match.similarity, 2))
            return Removed(f"{match.similarity:.2f} like an earlier document", twin=twin)
        self._index.add(document.id, found)
        return None

    def close(self) -> None:
        self._index.close()
