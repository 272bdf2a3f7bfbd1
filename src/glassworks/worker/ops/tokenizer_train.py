"""A tokenizer learned from files: `{paths, vocab_size, output}` -> `{vocab_size, num_documents, num_bytes, left_out}`.

`output` is a folder that exists and is empty; the asker publishes it, so what a stopped training leaves is never taken for a
tokenizer. How far it is, it tells. The files are read as the source `files` reads them. For a dataset of the store there is the stage `train_tokenizer`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

LEARNING = "learning merges"
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
        total = args.vocab_size - LEAST_TOKENS

        def texts() -> Iterator[str]:
            for path in args.paths:
                yield from _texts(path, read, self.progress)
            self.progress(0, total, "merges", LEARNING)

        def learned(done: int, most: int) -> None:
            self.progress(done, most, "merges", LEARNING)

        trained = ByteBPE.train(config, texts(), learned)
        tokenizer = save_tokenizer(Path(args.output), trained.inner, trained.roles)
        return {"vocab_size": tokenizer.vocab_size, **vars(read)}


@dataclass
class _Read:
    """What was read so far. left_out: `{path, code, message}` of files in folders that are no text."""

    num_documents: int = 0
    num_bytes: int = 0
    left_out: list[dict[str, str]] = field(default_factory=list)


def _texts(path: str, read: _Read, progress: Callable[[int, int, str, str], None]) -> Iterator[str]:
    from glassworks.lm.data.sources.files import Files

    reading = Files.read(Files.resolve(Files.Config(path=path)))
    for number, document in enumerate(reading.documents, start=1):
        read.num_documents += 1
        read.num_bytes += len(document.text.encode())
        yield document.text
        done, total, unit = number, reading.num_documents, "documents"
        if reading.position is not None:
            (done, total), unit = reading.position(), "bytes"
        progress(done, total, unit, f"reading {Path(path).name}")
    read.left_out += [vars(left_out) for left_out in reading.left_out]
