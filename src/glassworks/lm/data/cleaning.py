"""Cleaning: documents go through steps, one after another; each step keeps, changes or takes out.

In: documents and filters. Out: what stays, streamed in order, and a report: for each step how many documents and bytes came
and went, and up to five samples of what it did, spread over the dataset. Unusual: which samples are shown depends on the
documents alone (the least hashes of their ids), so a report is the same each time; times are kept apart from it.
"""

import heapq
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from glassworks.common.hashing import hash_json
from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import Changed, Filter, Removed, Verdict

NUM_SAMPLES = 5
SHOWN_CHARACTERS = 600


@dataclass
class StepCounts:
    """What one step did so far. Sizes in bytes of UTF-8."""

    kind: str
    settings: dict[str, Any]
    documents_before: int = 0
    bytes_before: int = 0
    documents_after: int = 0
    bytes_after: int = 0
    num_changed: int = 0
    num_removed: int = 0
    duration_s: float = 0.0
    _samples: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)

    def note(self, document: Document, verdict: Changed | Removed) -> None:
        """Keep it as a sample if its hash is among the least."""
        rank = -int(hash_json([self.kind, document.id])[:16], 16)
        if len(self._samples) == NUM_SAMPLES and rank <= self._samples[0][0]:
            return
        entry = (rank, document.id, _sample(document, verdict))
        if len(self._samples) < NUM_SAMPLES:
            heapq.heappush(self._samples, entry)
        else:
            heapq.heapreplace(self._samples, entry)

    def report(self) -> dict[str, Any]:
        """As it stands in `cleaning.json`."""
        return {
            "kind": self.kind,
            "settings": self.settings,
            "before": {"documents": self.documents_before, "bytes": self.bytes_before},
            "after": {"documents": self.documents_after, "bytes": self.bytes_after},
            "changed": self.num_changed,
            "removed": self.num_removed,
            "samples": [sample for _, _, sample in sorted(self._samples, key=lambda one: -one[0])],
        }


class Cleaning:
    """Filters over a stream of documents. `put_back` names documents that no step takes out."""

    def __init__(self, filters: list[Filter], put_back: Iterable[str] = ()) -> None:
        self._filters = filters
        self._put_back = frozenset(put_back)
        self.steps = [
            StepCounts(one.config.kind, one.config.model_dump(mode="json", exclude={"kind"}))
            for one in filters
        ]

    def clean(self, documents: Iterable[Document]) -> Iterator[Document]:
        """What stays, in order."""
        for document in documents:
            if (kept := self._through(document)) is not None:
                yield kept

    def report(self) -> dict[str, Any]:
        return {"steps": [step.report() for step in self.steps]}

    def _through(self, document: Document) -> Document | None:
        now = document
        for filter_, step in zip(self._filters, self.steps, strict=True):
            num_bytes = now.num_bytes
            step.documents_before += 1
            step.bytes_before += num_bytes
            begun = time.perf_counter()
            verdict = filter_.look(now)
            step.duration_s += time.perf_counter() - begun
            if isinstance(verdict, Removed) and document.id not in self._put_back:
                step.num_removed += 1
                step.note(now, verdict)
                return None
            if isinstance(verdict, Changed):
                step.num_changed += 1
                step.note(now, verdict)
                now = Document(now.id, verdict.text, now.source, now.group, _meta(now, verdict))
                num_bytes = now.num_bytes
            step.documents_after += 1
            step.bytes_after += num_bytes
        return now


def _meta(document: Document, verdict: Changed) -> dict[str, Any]:
    """Offsets and messages belong to the old text; with another one they would lie."""
    if verdict.text == document.text:
        return document.meta
    return {k: v for k, v in document.meta.items() if k not in ("answer_start", "messages")}


def _sample(document: Document, verdict: Verdict) -> dict[str, Any]:
    """What a person sees of it: a window of the text, the part that decided in the middle of it."""
    assert verdict is not None
    start, stop = verdict.span or (0, 0)
    begin = max(0, min(start - SHOWN_CHARACTERS // 2, len(document.text) - SHOWN_CHARACTERS))
    sample: dict[str, Any] = {
        "id": document.id,
        "source": document.source,
        "place": str(document.meta.get("place", "")),
        "text": document.text[begin : begin + SHOWN_CHARACTERS],
        "reason": verdict.reason,
        "span": [start - begin, min(stop - begin, SHOWN_CHARACTERS)] if verdict.span else None,
    }
    if isinstance(verdict, Changed):
        sample["becomes"] = verdict.text[begin : begin + SHOWN_CHARACTERS]
    elif verdict.twin is not None:
        sample["twin"] = {"id": verdict.twin.id, "similarity": verdict.twin.similarity}
    return sample
