"""Clean, split and tokenize generated stories: two processes on two cores beside one process on one core.

Both do the same work to the same bytes; the ratio says what the second core brings. The text is made and the tokenizer is
learned before the clock runs. How long each stage took goes to stderr.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.arena import Contestant, hold
from benchmarks.measured import machine
from benchmarks.texts import write_stories
from tests.stages.bench import run_stage

OURS = "two cores"
CONTESTANTS = [
    Contestant(OURS, "data_glassworks", {"GLASSWORKS_BENCH_CORES": "2"}),
    Contestant("one core", "data_glassworks", {"GLASSWORKS_BENCH_CORES": "1"}),
]
VOCAB_SIZE = 4096
LEARNED_FROM_BYTES = 4 << 20


def measure(megabytes: float, rounds: int) -> dict[str, Any]:
    """One whole comparison as plain JSON."""
    here = machine()
    with tempfile.TemporaryDirectory(prefix="glassworks-bench-") as name:
        folder = Path(name)
        num_bytes = write_stories(folder / "dataset", round(megabytes * 1e6))
        write_stories(folder / "small", LEARNED_FROM_BYTES)
        trainer = {"kind": "byte_bpe", "vocab_size": VOCAB_SIZE, "fit": "text", "min_frequency": 1}
        run_stage(
            "train_tokenizer", folder / "learned", {"trainer": trainer}, dataset=folder / "small"
        )
        settings = {
            "bytes": num_bytes,
            "threads": 2,
            "warm_up": 0,
            "dataset": str(folder / "dataset"),
            "tokenizer": str(folder / "learned/tokenizer"),
        }
        result = hold(CONTESTANTS, OURS, settings, rounds, units=1)
    return {"benchmark": "data", "machine": here, **result, "settings": {"bytes": num_bytes}}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(json.dumps(measure(options.megabytes, options.rounds)))


if __name__ == "__main__":
    main()
