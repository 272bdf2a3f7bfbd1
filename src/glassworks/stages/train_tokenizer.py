"""Train a tokenizer: a dataset in, `tokenizer.json` and `roles.json` out. Kinds: `glassworks.lm.tokenizer.trainers`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from glassworks.lm.data import DatasetReader
from glassworks.lm.tokenizer.tokenizer import save_tokenizer
from glassworks.lm.tokenizer.trainers import TRAINERS
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.choice import OneOf
from glassworks.specs.stage import Context, Port, Ports, Stage, Stopped


class TrainTokenizer(Stage):
    """Learn the pieces that text is cut into before a model reads it."""

    version = 1
    libraries = ("tokenizers",)

    class Config(BaseConfig):
        trainer: Annotated[BaseConfig, OneOf(TRAINERS)] = Field(
            default=ByteBPE.Config(), description="What kind of tokenizer, and how large."
        )

    class Inputs(Ports):
        dataset: Annotated[
            Path, Port("dataset", "the text to learn from, without what is held out")
        ]

    class Outputs(Ports):
        tokenizer: Annotated[Path, Port("tokenizer", "the finished tokenizer")]

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        settings: Any = ctx.config.trainer
        dataset = DatasetReader(ctx.inputs.dataset)
        trainer = TRAINERS.load(settings.kind)
        trained = trainer.train(settings, _texts(dataset, ctx), _learning(ctx))
        tokenizer = save_tokenizer(ctx.outputs.tokenizer, trained.inner, trained.roles)
        ctx.progress(dataset.num_documents, dataset.num_documents, "documents", "learning merges")
        roles = {role: special.token for role, special in tokenizer.roles.items()}
        ctx.summarize(
            "tokenizer", {"kind": settings.kind, "vocab_size": tokenizer.vocab_size, "roles": roles}
        )


def _texts(dataset: DatasetReader, ctx: Any) -> Iterator[str]:
    """The documents' texts, until someone asks to stop."""
    for done, document in enumerate(dataset, start=1):
        if ctx.should_stop():
            raise Stopped
        yield document.text
        ctx.progress(done, dataset.num_documents, "documents", "reading")


def _learning(ctx: Any) -> Callable[[int, int], None]:
    """How far learning is, for trainers that tell, until someone asks to stop."""

    def progress(done: int, total: int) -> None:
        if ctx.should_stop():
            raise Stopped
        ctx.progress(done, total, "merges", "learning merges")

    return progress
