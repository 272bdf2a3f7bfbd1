"""Clean: a dataset in, a dataset out, through steps that each say what they did. Which steps there are: `lm/data/filters`.

Beside the documents the artifact holds `cleaning.json`: for each step the counts before and after and up to five samples.
Unusual: several processes share the row groups of the dataset; what comes out is the same bytes whoever did it.
"""

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from glassworks.common.errors import BadData
from glassworks.lm.data import DatasetReader, DatasetWriter, Document
from glassworks.lm.data.cleaning import Cleaning
from glassworks.lm.data.filters import FILTERS
from glassworks.lm.data.filters.exact_duplicates import ExactDuplicates
from glassworks.lm.data.filters.length import Length
from glassworks.lm.data.filters.near_duplicates import NearDuplicates
from glassworks.lm.data.filters.normalize_unicode import NormalizeUnicode
from glassworks.lm.data.filters.personal_data import PersonalData
from glassworks.lm.data.filters.repair_mojibake import RepairMojibake
from glassworks.lm.data.filters.repetition import Repetition
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.choice import OneOf
from glassworks.specs.events import CleaningCounted, CleaningStep
from glassworks.specs.stage import Context, Port, Ports, Stopped
from glassworks.stages._sharing import Processes, SharedStage, num_processes, processes_field

LIBRARIES = {library for one in FILTERS.all().values() for library in one.libraries}
REPORT = "cleaning.json"
FIRST_COUNT_S, COUNT_EVERY_S, COUNT_EVERY_SHARE = 0.3, 1.0, 0.02
"""Counts are told at most once a second and, in a long cleaning, after another fiftieth of the time: some hundred in all."""


class CleanDataset(SharedStage):
    """Repair text, take out what teaches nothing, and show what left."""

    version = 2
    libraries = tuple(sorted({"pyarrow", *LIBRARIES}))

    class Config(BaseConfig):
        steps: tuple[Annotated[BaseConfig, OneOf(FILTERS)], ...] = Field(
            default=(
                RepairMojibake.Config(),  # first: one form would take letters of broken ones for invisible
                NormalizeUnicode.Config(),
                Length.Config(),
                ExactDuplicates.Config(),
                NearDuplicates.Config(),
                Repetition.Config(),
                PersonalData.Config(),
            ),
            description="The steps, in order.",
        )
        processes: Processes = processes_field()
        put_back: tuple[str, ...] = Field(
            default=(), description="Ids of documents that stay, whatever a step says."
        )

    class Inputs(Ports):
        dataset: Annotated[Path, Port("dataset", "the documents as they came")]

    class Outputs(Ports):
        dataset: Annotated[Path, Port("dataset", "the documents that stay")]

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        with tempfile.TemporaryDirectory(prefix="glassworks-clean-") as scratch:
            cleaning = Cleaning(ctx.config.steps, Path(scratch), ctx.config.put_back)
            try:
                if cleaning.is_surveying:
                    cleaning.survey(_surveyed(ctx))
                with DatasetWriter(ctx.outputs.dataset) as writer:
                    for rows in _cleaned(cleaning, ctx):
                        writer.add_rows(rows)
                ctx.emit(_counted(cleaning))
            finally:
                cleaning.close()
        if writer.num_documents == 0:
            raise _nothing_left(cleaning)
        text = json.dumps(cleaning.report(), ensure_ascii=False, indent=1, sort_keys=True)
        (ctx.outputs.dataset / REPORT).write_text(text + "\n", encoding="utf-8")
        for step in cleaning.steps:
            told = (
                step.kind,
                step.documents_before,
                step.documents_after,
                step.num_changed,
                step.duration_s,
            )
            ctx.log.info("%s: %d documents came, %d stay, %d changed, %.2f s", *told)
        ctx.summarize("dataset", writer.summary())


def _cleaned(cleaning: Cleaning, ctx: Any) -> Iterator[Any]:
    """The rows that stay, in order, with progress as groups are done; in one process as documents are looked at."""
    dataset = DatasetReader(ctx.inputs.dataset)
    groups = dataset.row_groups()
    num = num_processes(ctx, len(groups))
    num_looked_at = 0

    def on_document() -> None:
        nonlocal num_looked_at
        if ctx.should_stop():
            raise Stopped
        num_looked_at += 1
        ctx.progress(num_looked_at, dataset.num_documents, "documents", "cleaning")

    counts = Counts(cleaning, ctx)
    kept = cleaning.clean(groups, num, ctx.should_stop, on_document)
    for group, rows in zip(groups, kept, strict=True):
        counts.tell_if_due()
        yield rows
        if num > 1:
            num_looked_at += group.num_documents
            ctx.progress(num_looked_at, dataset.num_documents, "documents", "cleaning")


def _surveyed(ctx: Any) -> Iterator[Document]:
    dataset = DatasetReader(ctx.inputs.dataset)
    for done, document in enumerate(dataset, start=1):
        if ctx.should_stop():
            raise Stopped
        yield document
        ctx.progress(done, dataset.num_documents, "documents", "looking ahead")


class Counts:
    """Tells the counts of the steps as they grow, less and less often."""

    def __init__(self, cleaning: Cleaning, ctx: Any) -> None:
        self._cleaning, self._ctx = cleaning, ctx
        self._begun = time.monotonic()
        self._due = FIRST_COUNT_S

    def tell_if_due(self) -> None:
        spent = time.monotonic() - self._begun
        if spent >= self._due:
            self._ctx.emit(_counted(self._cleaning))
            self._due = spent + max(COUNT_EVERY_S, spent * COUNT_EVERY_SHARE)


def _nothing_left(cleaning: Cleaning) -> BadData:
    """Every step that took something out is named: one of them is too strict for this text."""
    took = [
        f"{step.kind} took out {step.num_removed:,}" for step in cleaning.steps if step.num_removed
    ]
    num = cleaning.steps[0].documents_before if cleaning.steps else 0
    return BadData(
        "nothing-left",
        f"Cleaning left none of {num:,} documents: {', '.join(took) or 'there was none'}.",
        "Loosen that step or leave it out, or bring more text.",
        "steps",
    )


def _counted(cleaning: Cleaning) -> CleaningCounted:
    return CleaningCounted(
        steps=tuple(
            CleaningStep(
                kind=step.kind,
                documents_before=step.documents_before,
                documents_after=step.documents_after,
                bytes_before=step.bytes_before,
                bytes_after=step.bytes_after,
                changed=step.num_changed,
                removed=step.num_removed,
                duration_s=round(step.duration_s, 3),
            )
            for step in cleaning.steps
        )
    )
