"""Split: one dataset in, two out. Documents of one group (one play, one unordered sum) stay together."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from glassworks.lm.data import DatasetReader, DatasetWriter
from glassworks.lm.data.splits import SPLITS
from glassworks.lm.data.splits.fraction import Fraction
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.choice import OneOf
from glassworks.specs.stage import Context, Port, Ports, Stage, Stopped


class SplitDataset(Stage):
    """Hold documents out, so that a model is judged by text that it has never read."""

    version = 1
    libraries = ("pyarrow",)

    class Config(BaseConfig):
        by: Annotated[BaseConfig, OneOf(SPLITS)] = Field(
            default=Fraction.Config(), description="Which groups of documents are held out."
        )

    class Inputs(Ports):
        dataset: Annotated[Path, Port("dataset", "the documents to split")]

    class Outputs(Ports):
        train: Annotated[Path, Port("dataset", "what is learned from")]
        validation: Annotated[Path, Port("dataset", "what is held out")]

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        by: Any = ctx.config.by
        dataset = DatasetReader(ctx.inputs.dataset)
        held_out = SPLITS.load(by.kind).held_out(by, sorted(set(dataset.groups())))
        with (
            DatasetWriter(ctx.outputs.train) as train,
            DatasetWriter(ctx.outputs.validation) as validation,
        ):
            for done, document in enumerate(dataset, start=1):
                if ctx.should_stop():
                    raise Stopped
                (validation if document.group in held_out else train).add(document)
                ctx.progress(done, dataset.num_documents, "documents", "splitting")
        ctx.summarize("train", train.summary())
        ctx.summarize("validation", validation.summary())
