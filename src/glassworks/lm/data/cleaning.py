"""Cleaning: documents go through steps, one after another; each step keeps, changes or takes out.

In: documents in groups, and the settings of the steps. Out: what stays, group by group in order, and a report: for each step
how many documents and bytes came and went, and up to five samples of what it did, spread over the dataset.

    surveying   Steps that have to know the whole dataset see every document once.
    looking     `Looking` takes a group through the steps that look at one document alone, and measures what the others
                will compare. Groups do not touch each other here: several processes share them.
    deciding    `Cleaning` goes through the groups in order: the steps that compare decide, all steps are counted.

Unusual: while it is looked at nobody knows yet whether a step that compares takes a document out, so it is looked at to the
end as if it stayed; what was found too much is never counted. Which samples are shown depends on the documents alone (the
least hashes of their ids), so a report is the same each time, by any number of processes; times are kept apart from it.
"""

import heapq
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from glassworks.common.hashing import hash_json
from glassworks.lm.data.documents import Document
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


@dataclass(frozen=True)
class Looked:
    """A document, and what each step found in it: a verdict, or what is to be compared. The last one may have taken it out."""

    document: Document
    findings: list[Any]
    num_bytes: int


@dataclass(frozen=True)
class LookedGroup:
    """A group as looked at, and the seconds that each step took. Goes through a pipe as columns, at half the cost."""

    documents: list[Document]
    findings: list[list[Any]]
    durations_s: list[float]

    def __iter__(self) -> Iterator[Looked]:
        for document, findings in zip(self.documents, self.findings, strict=True):
            yield Looked(document, findings, document.num_bytes)

    def __reduce__(self) -> tuple[Any, ...]:
        rows = ((d.id, d.text, d.source, d.group, d.meta) for d in self.documents)
        return _from_columns, (list(zip(*rows, strict=True)), self.findings, self.durations_s)


def _from_columns(columns: list[Any], *others: Any) -> LookedGroup:
    return LookedGroup(list(map(Document, *columns)) if columns else [], *others)


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

    def __call__(self, group: Iterable[Document]) -> LookedGroup:
        looked = LookedGroup([], [], [0.0] * len(self._looks))
        for document in group:
            self._on_document()
            looked.documents.append(document)
            looked.findings.append(self._findings(document, looked.durations_s))
        return looked

    def _findings(self, document: Document, durations_s: list[float]) -> list[Any]:
        findings: list[Any] = []
        now, can_leave = document, document.id not in self._put_back
        for at, look in enumerate(self._looks):
            begun = time.perf_counter()
            finding = look(now)
            durations_s[at] += time.perf_counter() - begun
            findings.append(finding)
            if isinstance(finding, Changed):
                now = _changed(now, finding)
            elif isinstance(finding, Removed) and can_leave:
                break
        return findings


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
        groups: Sequence[Iterable[Document]],
        num_processes: int = 1,
        should_stop: Callable[[], bool] = lambda: False,
        on_document: Callable[[], None] = lambda: None,
    ) -> Iterator[list[Document]]:
        """What stays of each group. on_document: called for each document where one process does the work.

        Raises Stopped, and what a filter raises.
        """
        here = {"on_document": on_document} if num_processes == 1 else {}
        make_work = partial(Looking, self._configs, self._scratch, self._put_back, **here)
        for group in in_order(make_work, groups, num_processes, should_stop):
            for step, duration_s in zip(self.steps, group.durations_s, strict=True):
                step.duration_s += duration_s
            yield self._decide(list(group))

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

    def _decide(self, looked: list[Looked]) -> list[Document]:
        """A group through all steps, step by step."""
        for at, step in enumerate(self.steps):
            verdicts = self._verdicts(at, looked)
            passed = [
                self._pass(step, one, verdict)
                for one, verdict in zip(looked, verdicts, strict=True)
            ]
            looked = [one for one in passed if one is not None]
        return [one.document for one in looked]

    def _verdicts(self, at: int, looked: list[Looked]) -> list[Verdict]:
        findings = [one.findings[at] for one in looked]
        if at not in self._comparing or not looked:
            return findings
        begun = time.perf_counter()
        verdicts = self._comparing[at].compare([one.document.id for one in looked], findings)
        self.steps[at].duration_s += time.perf_counter() - begun
        return verdicts

    def _pass(self, step: StepCounts, one: Looked, verdict: Verdict) -> Looked | None:
        """Count what a step does with a document, and do it."""
        step.documents_before += 1
        step.bytes_before += one.num_bytes
        if isinstance(verdict, Removed) and one.document.id not in self._put_back:
            step.num_removed += 1
            step.note(one.document, verdict)
            return None
        if isinstance(verdict, Changed):
            step.num_changed += 1
            step.note(one.document, verdict)
            document = _changed(one.document, verdict)
            one = Looked(document, one.findings, document.num_bytes)
        step.documents_after += 1
        step.bytes_after += one.num_bytes
        return one


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
