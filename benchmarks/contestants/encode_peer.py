"""Bare `tiktoken` or bare `tokenizers` (`GLASSWORKS_BENCH_PEER`): the same vocabulary, texts in memory, ids thrown away.

Each gets whole batches and as many threads as ours has processes; nothing is read or written while the clock runs.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tiktoken
import tokenizers

from benchmarks.contestant import Burst, compete
from glassworks.lm.data import DatasetReader
from glassworks.lm.tokenizer import load_tokenizer
from glassworks.lm.tokenizer.bpe.pieces import GPT2_PATTERN

BATCH_BYTES = 16 << 20
"""`tokenizers` needs some hundred bytes a token while it has a batch."""
Encode = Callable[[list[str]], int]


def prepare(settings: dict[str, Any]) -> tuple[Burst, dict[str, Any]]:
    batches: list[list[str]] = [[]]
    size = 0
    for document in DatasetReader(Path(settings["dataset"])):
        batches[-1].append(document.text)
        size += document.num_bytes
        if size >= BATCH_BYTES:
            batches.append([])
            size = 0
    encode = ENCODERS[os.environ["GLASSWORKS_BENCH_PEER"]](settings)
    return lambda _: sum(map(encode, batches)), {"what": "texts in memory to ids"}


def with_tiktoken(settings: dict[str, Any]) -> Encode:
    ours = load_tokenizer(Path(settings["tokenizer"]))
    ranks = {token: id_ for id_, token in enumerate(ours.token_bytes) if token}
    peer = tiktoken.Encoding("peer", pat_str=GPT2_PATTERN, mergeable_ranks=ranks, special_tokens={})
    threads = settings["threads"]
    return lambda texts: sum(map(len, peer.encode_ordinary_batch(texts, num_threads=threads)))


def with_tokenizers(settings: dict[str, Any]) -> Encode:
    """It takes as many threads as there are cores; the benchmark asks for as many."""
    peer = tokenizers.Tokenizer.from_file(str(Path(settings["tokenizer"]) / "tokenizer.json"))

    def encode(texts: list[str]) -> int:
        return sum(len(found.ids) for found in peer.encode_batch_fast(texts))

    return encode


ENCODERS: dict[str, Callable[[dict[str, Any]], Encode]] = {
    "tiktoken": with_tiktoken,
    "tokenizers": with_tokenizers,
}

if __name__ == "__main__":
    compete(prepare, uses_torch=False)
