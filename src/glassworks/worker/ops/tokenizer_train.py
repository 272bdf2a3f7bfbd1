"""A tokenizer learned from files: `{paths, vocab_size, output}` -> `{vocab_size, num_documents, num_bytes, left_out}`.

`output` is a folder that exists and is empty; the asker publishes it, so what a stopped training leaves is never taken for a
tokenizer. The files are read as the source `files` reads them. For a dataset of the store there is the stage `train_tokenizer`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

LEAST_TOKENS = 257
"""The bytes and the special token that every tokenizer of ours has."""


class TokenizerTrain(Op):
    """Learn byte-level BPE from files and folders. Raises what reading raises; InvalidSpec for too little text."""

    class Args(Spec):
        paths: tuple[str, ...] = Field(min_length=1)
        vocab_size: int = Field(ge=LEAST_TOKENS, le=1_000_000)
        output: str

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.tokenizer.tokenizer import save_tokenizer
        from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE

        read = _Read()
        config = ByteBPE.Config(vocab_size=args.vocab_size)
        trained = ByteBPE.train(config, _texts(args.paths, read))
        tokenizer = save_tokenizer(Path(args.output), trained.inner, trained.roles)
        return {"vocab_size": tokenizer.vocab_size, **vars(read)}


@dataclass
class _Read:
    """What was read so far. left_out: `{path, code, message}` of files in folders that are no text."""

    num_documents: int = 0
    num_bytes: int = 0
    left_out: list[dict[str, str]] = field(default_factory=list)


def _texts(paths: tuple[str, ...], read: _Read) -> Iterator[str]:
    from glassworks.lm.data.sources.files import Files

    for path in paths:
        reading = Files.read(Files.resolve(Files.Config(path=path)))
        for document in reading.documents:
            read.num_documents += 1
            read.num_bytes += len(document.text.encode())
            yield document.text
        read.left_out += [vars(left_out) for left_out in reading.left_out]
