"""Training, tokens per second: our training step beside a plain PyTorch loop round the GPT-2 of `transformers`.

Same number of layers, width, heads, vocabulary, context, batch and threads. Both compute in bf16 where this processor
does so fast (the peer by autocast, the usual way), else in fp32. The peer runs twice: as it comes, and with the
environment variables that our shim sets.
"""

import argparse
import json
from typing import Any

from benchmarks.arena import SHIM_ENVIRONMENT, Contestant, hold
from benchmarks.measured import dtype_of, machine
from benchmarks.shapes import SHAPES

OURS = "glassworks"
CONTESTANTS = [
    Contestant(OURS, "train_glassworks", SHIM_ENVIRONMENT),
    Contestant("GPT-2 in transformers", "train_gpt2"),
    Contestant("GPT-2 in transformers, our environment", "train_gpt2", SHIM_ENVIRONMENT),
]


def measure(shape: str, rounds: int, steps: int, threads: int) -> dict[str, Any]:
    """One whole comparison as plain JSON."""
    here = machine()
    settings = {**SHAPES[shape], "threads": threads, "dtype": dtype_of(here), "warm_up": 3}
    result = hold(CONTESTANTS, OURS, settings, rounds, steps)
    return {"benchmark": "train", "shape": shape, "machine": here, **result}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--shape", choices=list(SHAPES), default="small")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=8, help="steps in a burst")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    print(json.dumps(measure(options.shape, options.rounds, options.steps, options.threads)))


if __name__ == "__main__":
    main()
