"""Index: a dataset in; an index out in which any stretch of its text is found at once, with where it stands and how often.

What lies in the index and how it is searched: `lm/data/suffix/`. Characters are compared as they are, nothing is normalized.
Unusual: sorting needs about 60 times `piece_bytes` in memory, whatever the size of the dataset.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from glassworks.lm.data import DatasetReader
from glassworks.lm.data.suffix import IndexWriter
from glassworks.lm.data.suffix.index import PIECE_BYTES
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.stage import Context, Port, Ports, Stage, Stopped


class IndexText(Stage):
    """Make a text searchable by any stretch of it, to tell what a model copied from what it composed."""

    version = 1
    libraries = ("numpy", "pyarrow")

    class Config(BaseConfig):
        piece_bytes: int = Field(
            default=PIECE_BYTES,
            ge=1,
            le=1 << 30,
            description="Bytes of text that are sorted at once; sorting needs about 60 times as much memory.",
        )

    class Inputs(Ports):
        dataset: Annotated[Path, Port("dataset", "the documents to look up in")]

    class Outputs(Ports):
        index: Annotated[Path, Port("text_index", "every stretch of the text, sorted")]

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        dataset = DatasetReader(ctx.inputs.dataset)

        def tick() -> None:
            if ctx.should_stop():
                raise Stopped
            ctx.progress(writer.num_documents, dataset.num_documents, "documents", "sorting")

        with IndexWriter(ctx.outputs.index, ctx.config.piece_bytes, tick) as writer:
            for document in dataset:
                writer.add(document)
                tick()
        ctx.summarize("index", writer.summary())
