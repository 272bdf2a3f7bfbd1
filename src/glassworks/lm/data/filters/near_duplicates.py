"""Take out documents that are nearly the same as one that stood there before (see `lm/data/minhash.py`).

The similarity is an estimate from 128 numbers: it is off by about 0.04. A removed document is no twin for later ones.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import ComparingFilter, Removed, Twin, Verdict
from glassworks.lm.data.minhash import NUM_HASHES, Match, NearIndex, signature
from glassworks.specs.base import Config as BaseConfig


class NearDuplicates(ComparingFilter):
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

    @staticmethod
    def measure(document: Document) -> bytes:
        """The signature."""
        return signature(document.text).tobytes()

    def compare(self, ids: Sequence[str], measures: Sequence[bytes]) -> list[Verdict]:
        signatures = np.frombuffer(b"".join(measures), np.uint32).reshape(-1, NUM_HASHES)
        return list(map(_verdict, self._index.match(ids, signatures)))

    def close(self) -> None:
        self._index.close()


def _verdict(match: Match | None) -> Verdict:
    if match is None:
        return None
    twin = Twin(match.id, round(match.similarity, 2))
    return Removed(f"{match.similarity:.2f} like an earlier document", twin=twin)
