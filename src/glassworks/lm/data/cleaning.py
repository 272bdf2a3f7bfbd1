"""Cleaning: documents go through steps, one after another; each step keeps, changes or takes out.

In: row groups of a dataset, and the settings of the steps. Out: the rows that stay, group by group in order, and a report: for each
step how many documents and bytes came and went, and up to five samples of what it did, spread over the dataset.

    surveying   Steps that have to know the whole dataset see every document once.
    looking     `Looking` takes a group through the steps that look at one document alone, and measures what the others
                will compare. Groups do not touch each other here: several processes share them.
    deciding    `Cleaning` goes through the groups in order: the steps that compare decide, all steps are counted.

Unusual: while it is looked at nobody knows yet whether a step that compares takes a document out, so it is looked at to the
end as if it stayed; what was found too much is never counted. Rows stay as Arrow has them: between processes and into the
file they go as blocks of memory, and only a document that is changed or shown becomes an object again. Which samples are shown depends on the documents alone (the
least hashes of their ids), so a report is the same each time, by any number of processes; times are kept apart from it.
"""

import heapq
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from glassworks.common.hashing import hash_json
from glassworks.lm.data.documents import Document, RowGroup, documents_in, with_changes
from glassworks.lm.data.filters import FILTERS
from glassworks.lm.data.filters.base import (
    Changed,
    ComparingFilter,
    Filter,
    Removed,
    SurveyingFilter,
    Verdict,
)
from glassworks.lm.data.processes import in_order

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

    def note(self, id_: str, document: Callable[[], Document], verdict: Changed | Removed) -> None:
        """Keep it as a sample if its hash is among the least."""
        rank = -int(hash_json([self.kind, id_])[:16], 16)
        if len(self._samples) == NUM_SAMPLES and rank <= self._samples[0][0]:
            return
        entry = (rank, id_, _sample(document(), verdict))
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


@dataclass(frozen=True)
class LookedGroup:
    """A row group as looked at.

    rows: as they came, a pyarrow record batch. found: for each step, what it found, by row: a verdict, or what is to be compared; a
    row where a step found nothing, or that was taken out before, is not in it. durations_s: the seconds that each step took.
    """

    rows: Any
    found: list[dict[int, Any]]
    durations_s: list[float]


class Looking:
    """The work on one group of documents, which any process can do."""

    def __init__(
        self,
        configs: Sequence[Any],
        scratch: Path,
        put_back: frozenset[str],
        on_document: Callable[[], None] = lambda: None,
    ) -> None:
        self._looks = [_look(config, scratch / str(at)) for at, config in enumerate(configs)]
        self._put_back = put_back
        self._on_document = on_document

    def __call__(self, group: RowGroup) -> LookedGroup:
        num_steps = len(self._looks)
        looked = LookedGroup(group.rows(), [{} for _ in range(num_steps)], [0.0] * num_steps)
        for row, document in enumerate(documents_in(looked.rows)):
            self._on_document()
            self._look(row, document, looked)
        return looked

    def _look(self, row: int, document: Document, looked: LookedGroup) -> None:
        now, can_leave = document, document.id not in self._put_back
        for at, look in enumerate(self._looks):
            begun = time.perf_counter()
            finding = look(now)
            looked.durations_s[at] += time.perf_counter() - begun
            if finding is None:
                continue
            looked.found[at][row] = finding
            if isinstance(finding, Changed):
                now = _changed(now, finding)
            elif isinstance(finding, Removed) and can_leave:
                break


class _Standing:
    """The documents of a group on their way through the steps: which still stand, and as what."""

    def __init__(self, rows: Any) -> None:
        self._rows = rows
        self._changed: dict[int, Document] = {}
        self._ids = rows.column("id").to_pylist()
        self._sizes = pc.binary_length(rows.column("text")).to_pylist()
        self.places = list(range(rows.num_rows))
        self.num_bytes = sum(self._sizes)

    def id(self, row: int) -> str:
        return str(self._ids[row])

    def document(self, row: int) -> Document:
        return self._changed.get(row) or next(documents_in(self._rows.slice(row, 1)))

    def change(self, row: int, verdict: Changed) -> None:
        document = _changed(self.document(row), verdict)
        self._changed[row] = document
        self.num_bytes += document.num_bytes - self._sizes[row]
        self._sizes[row] = document.num_bytes

    def take_out(self, rows: set[int]) -> None:
        self.places = [row for row in self.places if row not in rows]
        self.num_bytes -= sum(self._sizes[row] for row in rows)

    def rows(self) -> Any:
        """What stands, as it is now."""
        kept = self._rows.take(pa.array(self.places, pa.int64()))
        changed = {
            at: self._changed[row] for at, row in enumerate(self.places) if row in self._changed
        }
        return with_changes(kept, changed) if changed else kept


class Cleaning:
    """Steps over a dataset. `put_back` names documents that no step takes out. scratch: an empty folder, for what is remembered.

    `steps` counts what each did so far; it grows with each group.
    """

    def __init__(
        self,
        configs: Sequence[Any],
        scratch: Path,
        put_back: Iterable[str] = (),
    ) -> None:
        self._configs = configs
        self._scratch = scratch
        self._put_back = frozenset(put_back)
        made = self._made()
        self._comparing = {at: f for at, f in made.items() if isinstance(f, ComparingFilter)}
        self._surveying = {at: f for at, f in made.items() if isinstance(f, SurveyingFilter)}
        self.steps = [
            StepCounts(one.kind, one.model_dump(mode="json", exclude={"kind"})) for one in configs
        ]

    @property
    def is_surveying(self) -> bool:
        """Whether a step wants to see all documents first: then `survey` comes before `clean`."""
        return bool(self._surveying)

    def survey(self, documents: Iterable[Document]) -> None:
        """The first pass, for the steps that look ahead; they see documents as they came."""
        for document in documents:
            for one in self._surveying.values():
                one.survey(document)
        for one in self._surveying.values():
            one.keep()

    def clean(
        self,
        groups: Sequence[RowGroup],
        num_processes: int = 1,
        should_stop: Callable[[], bool] = lambda: False,
        on_document: Callable[[], None] = lambda: None,
    ) -> Iterator[Any]:
        """The rows that stay of each group, a pyarrow record batch. on_document: called for each document where one process does
        the work.

        Raises Stopped, and what a filter raises.
        """
        here = {"on_document": on_document} if num_processes == 1 else {}
        make_work = partial(Looking, self._configs, self._scratch, self._put_back, **here)
        for group in in_order(make_work, groups, num_processes, should_stop):
            for step, duration_s in zip(self.steps, group.durations_s, strict=True):
                step.duration_s += duration_s
            yield self._decide(group)

    def report(self) -> dict[str, Any]:
        return {"steps": [step.report() for step in self.steps]}

    def close(self) -> None:
        """Let go of what was remembered."""
        for one in (*self._comparing.values(), *self._surveying.values()):
            one.close()

    def _made(self) -> dict[int, Filter]:
        """The filters that need more than one document, by their places, each with a folder of its own."""
        found: dict[int, Filter] = {}
        for at, config in enumerate(self._configs):
            filter_class = FILTERS.load(config.kind)
            if issubclass(filter_class, ComparingFilter | SurveyingFilter):
                (folder := self._scratch / str(at)).mkdir()
                found[at] = filter_class(config, folder)
        return found

    def _decide(self, looked: LookedGroup) -> Any:
        """A group through all steps, step by step."""
        standing = _Standing(looked.rows)
        for at, step in enumerate(self.steps):
            step.documents_before += len(standing.places)
            step.bytes_before += standing.num_bytes
            self._take(step, standing, self._verdicts(at, standing, looked.found[at]))
            step.documents_after += len(standing.places)
            step.bytes_after += standing.num_bytes
        return standing.rows()

    def _verdicts(
        self, at: int, standing: _Standing, found: dict[int, Any]
    ) -> Iterator[tuple[int, Changed | Removed]]:
        """(row, verdict) of the documents that still stand and do not stay as they are, in order."""
        if at not in self._comparing:
            yield from ((row, found[row]) for row in standing.places if row in found)
            return
        begun = time.perf_counter()
        ids = [standing.id(row) for row in standing.places]
        measures = [found[row] for row in standing.places]
        verdicts = self._comparing[at].compare(ids, measures) if ids else []
        self.steps[at].duration_s += time.perf_counter() - begun
        for row, verdict in zip(standing.places, verdicts, strict=True):
            if verdict is not None:
                yield row, verdict

    def _take(
        self,
        step: StepCounts,
        standing: _Standing,
        verdicts: Iterable[tuple[int, Changed | Removed]],
    ) -> None:
        """Count what a step does, and do it."""
        taken_out: set[int] = set()
        for row, verdict in verdicts:
            id_ = standing.id(row)
            if isinstance(verdict, Removed) and id_ in self._put_back:
                continue
            step.note(id_, partial(standing.document, row), verdict)
            if isinstance(verdict, Removed):
                step.num_removed += 1
                taken_out.add(row)
            else:
                step.num_changed += 1
                standing.change(row, verdict)
        if taken_out:
            standing.take_out(taken_out)


def _look(config: Any, scratch: Path) -> Callable[[Document], Any]:
    """What a step does with one document alone."""
    filter_class = FILTERS.load(config.kind)
    if issubclass(filter_class, ComparingFilter):
        return filter_class.measure
    if issubclass(filter_class, SurveyingFilter):
        return filter_class.kept(config, scratch).look
    return filter_class(config, scratch).look


def _changed(document: Document, verdict: Changed) -> Document:
    meta = _meta(document, verdict)
    return Document(document.id, verdict.text, document.source, document.group, meta)


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
