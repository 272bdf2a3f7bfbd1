"""Clean: a dataset in, a dataset out, through steps that each say what they did. Which steps there are: `lm/data/filters`.

Beside the documents the artifact holds `cleaning.json`: for each step the counts before and after and up to five samples.
"""

import json
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from glassworks.lm.data import DatasetReader, DatasetWriter
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
from glassworks.specs.stage import Context, Port, Ports, Stage, Stopped

LIBRARIES = {library for one in FILTERS.all().values() for library in one.libraries}
REPORT = "cleaning.json"
FIRST_COUNT_S, COUNT_EVERY_S, COUNT_EVERY_SHARE = 0.3, 1.0, 0.02
"""Counts are told at most once a second and, in a long cleaning, after another fiftieth of the time: some hundred in all."""


class CleanDataset(Stage):
    """Repair text, take out what teaches nothing, and show what left."""

    version = 1
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
        put_back: tuple[str, ...] = Field(
            default=(), description="Ids of documents that stay, whatever a step says."
        )

    class Inputs(Ports):
        dataset: Annotated[Path, Port("dataset", "the documents as they came")]

    class Outputs(Ports):
        dataset: Annotated[Path, Port("dataset", "the documents that stay")]

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        dataset = DatasetReader(ctx.inputs.dataset)
        with tempfile.TemporaryDirectory(prefix="glassworks-clean-") as folder:
            filters = [
                _filter(config, Path(folder), at) for at, config in enumerate(ctx.config.steps)
            ]
            cleaning = Cleaning(filters, ctx.config.put_back)
            try:
                with DatasetWriter(ctx.outputs.dataset) as writer:
                    for document in cleaning.clean(_told(dataset, ctx, cleaning)):
                        writer.add(document)
                ctx.emit(_counted(cleaning))
            finally:
                for one in filters:
                    one.close()
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


def _filter(config: Any, folder: Path, number: int) -> Any:
    scratch = folder / str(number)
    scratch.mkdir()
    return FILTERS.load(config.kind)(config, scratch)


def _told(dataset: DatasetReader, ctx: Any, cleaning: Cleaning) -> Any:
    """The documents, with progress as they are read, and the counts of the steps less and less often."""
    begun = time.monotonic()
    due = FIRST_COUNT_S
    for done, document in enumerate(dataset, start=1):
        if ctx.should_stop():
            raise Stopped
        yield document
        ctx.progress(done, dataset.num_documents, "documents", "cleaning")
        if (spent := time.monotonic() - begun) >= due:
            ctx.emit(_counted(cleaning))
            due = spent + max(COUNT_EVERY_S, spent * COUNT_EVERY_SHARE)


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
            )
            for step in cleaning.steps
        )
    )
