"""Split: one dataset in, two or three out. Documents of one group (one play, one unordered sum) stay together.

Beside the documents `validation` and `test` hold `split.json`: what is in each part, and which held-out documents were copies
of documents in a part before theirs (see `lm/data/leakage.py`). By default such copies are dropped from the held-out part;
what is learned from stays as it is, and no group is torn apart.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from glassworks.common.errors import BadData
from glassworks.lm.data import DatasetReader, DatasetWriter, Document
from glassworks.lm.data.documents import RowGroup, documents_in
from glassworks.lm.data.leakage import PARTS, Leak, LeakCheck, Measured, measure
from glassworks.lm.data.processes import in_order
from glassworks.lm.data.splits import SPLITS
from glassworks.lm.data.splits.fraction import Fraction
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.choice import OneOf
from glassworks.specs.events import FindingRaised
from glassworks.specs.stage import Context, Port, Ports, Stopped
from glassworks.stages._sharing import Processes, SharedStage, num_processes, processes_field

FORMAT = 1
REPORT = "split.json"
TRAIN = "train"
NUM_EXAMPLES = 20
SHOWN_CHARACTERS = 600


class SplitDataset(SharedStage):
    """Hold documents out, so that a model is judged by text that it has never read."""

    version = 3
    libraries = ("numpy", "pyarrow")

    class Config(BaseConfig):
        by: Annotated[BaseConfig, OneOf(SPLITS)] = Field(
            default=Fraction.Config(), description="Which groups of documents are held out."
        )
        test: Annotated[BaseConfig, OneOf(SPLITS)] | None = Field(
            default=None,
            description="Which of the other groups make a third part, read once at the very end; empty: none.",
        )
        on_leak: Literal["drop", "report", "fail"] = Field(
            default="drop",
            description="What becomes of a held-out copy of a document that is learned from: "
            "it leaves the held-out part, it is only told, or nothing is split.",
        )
        copy_threshold: float = Field(
            default=0.8,
            ge=0.5,
            le=1,
            description="Share of runs of five words in common from which on two texts are copies; "
            "1 looks for equal texts only.",
        )
        processes: Processes = processes_field()

    class Inputs(Ports):
        dataset: Annotated[Path, Port("dataset", "the documents to split")]

    class Outputs(Ports):
        train: Annotated[Path, Port("dataset", "what is learned from")]
        validation: Annotated[Path, Port("dataset", "what is held out")]
        test: Annotated[
            Path | None, Port("dataset", "held out for the very end; made where `test` is set")
        ] = None

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        dataset = DatasetReader(ctx.inputs.dataset)
        held_out = _held_out(ctx.config, dataset)
        with (
            tempfile.TemporaryDirectory(prefix="glassworks-split-") as folder,
            closing(LeakCheck(Path(folder), ctx.config.copy_threshold)) as check,
        ):
            splitting = Splitting(ctx, dataset, held_out, check)
            splitting.find_leaks()
            splitting.write()
            splitting.report()


class Splitting:
    """One split: find the copies, write the parts, tell."""

    def __init__(
        self, ctx: Any, dataset: DatasetReader, held_out: dict[str, str], check: LeakCheck
    ) -> None:
        self.ctx, self.dataset, self.held_out, self.check = ctx, dataset, held_out, check
        self.parts = [part for part in PARTS if part == "train" or part in held_out.values()]
        self.examples: list[dict[str, Any]] = []
        self.figures: dict[str, dict[str, Any]] = {}
        self.num_held_out = dict.fromkeys(self.parts, 0)

    def find_leaks(self) -> None:
        """Raises BadData when copies were found and `on_leak` is `fail`."""
        for is_held_out, measured in self._measured():
            for part, some in measured.items():
                if is_held_out:
                    self.check.expect(some, part)
                    self.num_held_out[part] += len(some)
                else:
                    self.check.look(some, part)
        if self.ctx.config.on_leak == "fail" and (leak := next(self.check.leaks(), None)):
            raise _leaking(leak, sum(sum(one.values()) for one in self.check.counts().values()))

    def write(self) -> None:
        """A held-out part of copies alone stays as it is: a loss on copies, told as such, is better than none."""
        counts = self.check.counts()
        copied = {part: sum(counts.get(part, {}).values()) for part in self.parts}
        is_dropped = {
            part: self.ctx.config.on_leak == "drop" and copied[part] < self.num_held_out[part]
            for part in self.parts[1:]
        }
        with ExitStack() as stack:
            writers = {
                part: stack.enter_context(DatasetWriter(getattr(self.ctx.outputs, part)))
                for part in self.parts
            }
            groups = pa.array(sorted(self.held_out), pa.string())
            for rows in self._batches("splitting"):
                is_held_out = pc.is_in(rows.column("group"), groups)
                writers["train"].add_rows(rows.filter(pc.invert(is_held_out)))
                for document in documents_in(rows.filter(is_held_out)):
                    part, leak = self.held_out[document.group], self.check.find(document.id)
                    if leak is not None:
                        self._show(leak, document)
                    if leak is None or not is_dropped[part]:
                        writers[part].add(document)
        for part, writer in writers.items():
            self.figures[part] = writer.summary()
            if part != "train":
                self.figures[part] |= {"copies": copied[part], "is_dropped": is_dropped[part]}

    def report(self) -> None:
        """`split.json` in what is held out, the figures in each part's summary, a finding for each part with copies."""
        config, counts = self.ctx.config, self.check.counts()
        found = {part: counts.get(part, {"equal": 0, "near": 0}) for part in self.parts[1:]}
        document = {
            "format": FORMAT,
            "parts": self.figures,
            "leakage": {
                "on_leak": config.on_leak,
                "copy_threshold": config.copy_threshold,
                "found": found,
                "examples": self.examples,
            },
        }
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        self.ctx.summarize("train", self.figures["train"])
        for part in self.parts[1:]:
            (getattr(self.ctx.outputs, part) / REPORT).write_text(text, encoding="utf-8")
            figures = {k: v for k, v in self.figures[part].items() if k != "is_dropped"}
            self.ctx.summarize(part, figures)
            if figures["copies"]:
                self.ctx.emit(_finding(part, self.figures[part], found[part]))

    def _measured(self) -> Iterator[tuple[bool, dict[str, Measured]]]:
        """What is compared, by parts, row group by row group: first of all that is held out, then of what it may be a copy of.

        Several processes share it.
        """
        groups = self.dataset.row_groups()
        tasks = [(is_held_out, group) for is_held_out in (True, False) for group in groups]
        num, done = num_processes(self.ctx, len(groups)), 0
        make_work = partial(_Measuring, self.check.has_signatures, self.held_out, self.parts[:-1])
        found = in_order(make_work, tasks, num, self.ctx.should_stop)
        for (is_held_out, group), measured in zip(tasks, found, strict=True):
            yield is_held_out, measured
            done += group.num_documents
            self.ctx.progress(
                done, 2 * self.dataset.num_documents, "documents", "looking for copies"
            )

    def _batches(self, phase: str) -> Iterator[Any]:
        done = 0
        for rows in self.dataset.batches():
            if self.ctx.should_stop():
                raise Stopped
            yield rows
            done += rows.num_rows
            self.ctx.progress(done, self.dataset.num_documents, "documents", phase)

    def _show(self, leak: Leak, document: Document) -> None:
        if len(self.examples) < NUM_EXAMPLES:
            self.examples.append(
                {
                    "id": leak.id,
                    "part": leak.part,
                    "twin": {"id": leak.twin, "part": leak.twin_part},
                    "similarity": leak.similarity,
                    "is_equal": leak.is_equal,
                    "text": document.text[:SHOWN_CHARACTERS],
                }
            )


class _Measuring:
    """Measures of a row group what is held out, or what it may be a copy of; made in each process. held_out: group -> part."""

    def __init__(
        self, has_signatures: bool, held_out: dict[str, str], looked_at: list[str]
    ) -> None:
        self._has_signatures, self._held_out, self._looked_at = has_signatures, held_out, looked_at
        self._groups = pa.array(sorted(held_out), pa.string())

    def __call__(self, task: tuple[bool, RowGroup]) -> dict[str, Measured]:
        is_held_out, group = task
        by_part: dict[str, list[Document]] = {}
        for document in documents_in(self._wanted(group.rows(), is_held_out)):
            part = self._held_out.get(document.group, TRAIN)
            by_part.setdefault(part, []).append(document)
        return {
            part: measure(by_part[part], self._has_signatures)
            for part in PARTS
            if part in by_part and (is_held_out or part in self._looked_at)
        }

    def _wanted(self, rows: Any, is_held_out: bool) -> Any:
        """Fewer rows, where they can be told apart before they become documents."""
        has_part = pc.is_in(rows.column("group"), self._groups)
        if is_held_out:
            return rows.filter(has_part)
        return rows.filter(pc.invert(has_part)) if self._looked_at == [TRAIN] else rows


def _held_out(config: Any, dataset: DatasetReader) -> dict[str, str]:
    """Group -> `validation` or `test`; groups that are learned from are left out. Raises InvalidSpec for an empty part."""
    groups = sorted(dataset.groups())
    validation = SPLITS.load(config.by.kind).held_out(config.by, groups)
    held_out = dict.fromkeys(validation, "validation")
    if config.test is not None:
        others = [group for group in groups if group not in validation]
        test = SPLITS.load(config.test.kind).held_out(config.test, others)
        held_out |= dict.fromkeys(test, "test")
    return held_out


def _leaking(leak: Leak, num_leaks: int) -> BadData:
    alike = "equal to" if leak.is_equal else f"{leak.similarity:.2f} like"
    return BadData(
        "leaking-split",
        f"{num_leaks:,} held-out documents are copies, for instance {leak.id!r} of {leak.part}, "
        f"which is {alike} {leak.twin!r} of {leak.twin_part}.",
        "Set on_leak: drop to leave them out, or clean the dataset of duplicates before it is split.",
        leak.part,
    )


def _finding(part: str, figures: dict[str, Any], found: dict[str, int]) -> FindingRaised:
    num = figures["copies"]
    what = f"{num:,} documents of {part} are copies of documents in a part before it"
    if figures["is_dropped"]:
        message = f"{what}; they were left out."
    else:
        message = f"{what}, so a loss on {part} says more about memory than about skill."
    return FindingRaised(
        level="note" if figures["is_dropped"] else "warn",
        code="copies-held-out",
        message=message,
        evidence={"part": part, **found},
    )
