"""Train a tokenizer: a dataset in, `tokenizer.json` and `roles.json` out. Kinds: `glassworks.lm.tokenizer.trainers`.

Where the trainer tells how the vocabulary grows, the run does: at most 40 events `tokenizer.grown`, close together at the start.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from glassworks.lm.data import DatasetReader
from glassworks.lm.tokenizer.byte_alphabet import to_bytes
from glassworks.lm.tokenizer.growth import Growth, OnGrowth
from glassworks.lm.tokenizer.tokenizer import save_tokenizer
from glassworks.lm.tokenizer.trainers import TRAINERS
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.choice import OneOf
from glassworks.specs.events import LearnedMerge, TokenizerGrown
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

    @classmethod
    def foresee(cls, config: Any) -> dict[str, dict[str, int]]:
        trainer = TRAINERS.load(config.trainer.kind)
        return {"tokenizer": {"vocab_size": trainer.vocab_size(config.trainer)}}

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        settings: Any = ctx.config.trainer
        dataset = DatasetReader(ctx.inputs.dataset)
        trainer = TRAINERS.load(settings.kind)
        growth = {"on_growth": _growing(ctx, settings)} if trainer.tells_growth else {}
        trained = trainer.train(settings, _texts(dataset, ctx), _learning(ctx), **growth)
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


def _growing(ctx: Any, settings: Any) -> OnGrowth:
    """Tell the run what was merged lately."""
    num_base = 256 + len(settings.special_tokens)

    def tell(growth: Growth) -> None:
        merges = tuple(
            LearnedMerge(
                rank=merge.rank,
                left=_readable(merge.left),
                right=_readable(merge.right),
                token=_readable(merge.left + merge.right),
                count=merge.count,
            )
            for merge in growth.newest
        )
        ctx.emit(
            TokenizerGrown(
                num_tokens=num_base + growth.num_merges,
                vocab_size=num_base + growth.total,
                merges=merges,
                bytes_per_token=round(growth.bytes_per_token, 4),
                counted_bytes=growth.counted_bytes,
                is_replayed=growth.is_replayed,
            )
        )

    return tell


def _readable(token: str) -> str:
    """A token of the byte alphabet as it reads."""
    return to_bytes(token).decode("utf-8", errors="replace")
