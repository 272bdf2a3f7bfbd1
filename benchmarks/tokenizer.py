"""Tokenizers on Shakespeare's plays: learning beside bare `tokenizers` and `rustbpe`, encoding beside bare `tiktoken`.

learning    the whole `train_tokenizer` stage (reads a dataset, writes an artifact) as it comes, and with the readable program,
            beside the bare libraries with the texts in memory; figures are seconds (and of processor time), and how many
            times as fast as each peer ours is.
encoding    the whole `tokenize_dataset` stage beside bare `tiktoken` and `tokenizers` (its fast batch call), all on two
            cores, on the plays over and over.
`rustbpe` is no part of Glassworks; where it is not installed its figures are missing and a line says so.
"""

import argparse
import importlib.util
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import models, pre_tokenizers, trainers

from benchmarks.arena import Contestant, hold
from benchmarks.measured import machine
from benchmarks.texts import write_plays
from glassworks.lm.data import DatasetReader
from tests.stages.bench import run_stage

OURS = "tokenize_dataset"
CONTESTANTS = [
    Contestant(OURS, "tokenize_glassworks"),
    Contestant("tiktoken", "encode_peer", {"GLASSWORKS_BENCH_PEER": "tiktoken"}),
    Contestant("tokenizers", "encode_peer", {"GLASSWORKS_BENCH_PEER": "tokenizers"}),
]
VOCAB_SIZES = (4096, 16_384)
PLAYS_BYTES = 4_900_000
THREADS = 2


def measure(
    megabytes: float, rounds: int, vocab_sizes: tuple[int, ...] = VOCAB_SIZES
) -> dict[str, Any]:
    """Both comparisons as plain JSON."""
    here = machine()
    with tempfile.TemporaryDirectory(prefix="glassworks-bench-") as name:
        folder = Path(name)
        write_plays(folder / "plays", PLAYS_BYTES)
        write_plays(folder / "many", round(megabytes * 1e6))
        figures = {f"learn_{size}": learning(folder, size, rounds) for size in vocab_sizes}
        train(folder, vocab_sizes[0], "fast")
        settings = {
            "threads": THREADS,
            "warm_up": 1,
            "dataset": str(folder / "many"),
            "tokenizer": str(folder / "learned/tokenizer"),
        }
        encoding = hold(CONTESTANTS, OURS, settings, rounds, units=1)
    about = {"megabytes": megabytes, "threads": THREADS}
    return {
        "benchmark": "tokenizer",
        "machine": here,
        **encoding,
        "settings": about,
        "figures": figures,
    }


def learning(folder: Path, vocab_size: int, rounds: int) -> dict[str, float]:
    """Seconds of each, and how many times as fast as each peer the stage is: medians over the rounds."""
    texts = [document.text for document in DatasetReader(folder / "plays")]
    contestants: dict[str, Callable[[], Any]] = {
        "stage": lambda: train(folder, vocab_size, "auto"),
        "stage_readable": lambda: train(folder, vocab_size, "readable"),
        "tokenizers": lambda: with_tokenizers(texts, vocab_size),
    }
    if importlib.util.find_spec("rustbpe"):
        contestants["rustbpe"] = lambda: with_rustbpe(texts, vocab_size)
    else:
        print("rustbpe is not installed; its figures are missing", file=sys.stderr)
    spans: dict[str, list[float]] = {name: [] for name in contestants}
    cpu_s: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds):
        turns = list(contestants.items())
        for name, do in turns if number % 2 == 0 else reversed(turns):
            begun, cpu_begun = time.perf_counter(), time.process_time()
            do()
            spans[name].append(time.perf_counter() - begun)
            cpu_s[name].append(time.process_time() - cpu_begun)
        print(
            f"{vocab_size}: { ({n: round(s[-1], 2) for n, s in spans.items()}) }", file=sys.stderr
        )
    found = {f"{name}_s": round(statistics.median(them), 3) for name, them in spans.items()}
    found |= {f"{name}_cpu_s": round(statistics.median(them), 3) for name, them in cpu_s.items()}
    for ours in ("stage", "stage_readable"):
        for peer in [name for name in contestants if not name.startswith("stage")]:
            ratios = [theirs / own for theirs, own in zip(spans[peer], spans[ours], strict=True)]
            found[f"{ours}_against_{peer}"] = round(statistics.median(ratios), 2)
    return found


def train(folder: Path, vocab_size: int, implementation: str) -> None:
    """The whole stage: from a dataset to an artifact."""
    shutil.rmtree(folder / "learned", ignore_errors=True)
    trainer = {"kind": "byte_bpe", "vocab_size": vocab_size, "implementation": implementation}
    config = {"trainer": trainer}
    run_stage("train_tokenizer", folder / "learned", config, dataset=folder / "plays")


def with_tokenizers(texts: list[str], vocab_size: int) -> None:
    bare = tokenizers.Tokenizer(models.BPE())
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        min_frequency=2,
        special_tokens=["<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bare.train_from_iterator(texts, trainer)


def with_rustbpe(texts: list[str], vocab_size: int) -> None:
    importlib.import_module("rustbpe").Tokenizer().train_from_iterator(iter(texts), vocab_size)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--megabytes", type=float, default=100, help="plays to encode")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(json.dumps(measure(options.megabytes, options.rounds)))


if __name__ == "__main__":
    main()
