"""Where documents came from: documents and bytes of each source, in bounded memory.

Sources are counted exactly up to `MAX_SOURCES`; then the smaller half is forgotten, so the largest stay.
"""

import heapq

from glassworks.specs.description import SourceCount

NUM_LISTED = 50
MAX_SOURCES = 65_536


class Sources:
    """Counts documents and bytes by source."""

    def __init__(self, max_sources: int = MAX_SOURCES) -> None:
        self._max_sources = max_sources
        self._counts: dict[str, list[int]] = {}
        self.is_estimate = False

    def add(self, name: str, num_bytes: int) -> None:
        counts = self._counts.setdefault(name, [0, 0])
        counts[0] += 1
        counts[1] += num_bytes
        if len(self._counts) > self._max_sources:
            self._counts = dict(self._largest(self._max_sources // 2))
            self.is_estimate = True

    def listed(self) -> tuple[SourceCount, ...]:
        """The largest by bytes."""
        return tuple(
            SourceCount(name=name, num_documents=documents, num_bytes=num_bytes)
            for name, (documents, num_bytes) in self._largest(NUM_LISTED)
        )

    def _largest(self, num: int) -> list[tuple[str, list[int]]]:
        return heapq.nsmallest(num, self._counts.items(), key=lambda one: (-one[1][1], one[0]))
