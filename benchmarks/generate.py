"""Generation, tokens per second of one text: ours beside `generate` of `transformers` on the same weights.

Both have the same architecture (a Llama: rotary, RMSNorm, SwiGLU), the same weights by way of our export, a cache, the
same prompt and number of new tokens, greedy.
"""

import argparse
import json
from typing import Any

from benchmarks.arena import OUR_ENVIRONMENT, Contestant, hold
from benchmarks.measured import dtype_of, machine
from benchmarks.shapes import SHAPES

OURS = "glassworks"
CONTESTANTS = [
    Contestant(OURS, "generate_glassworks", OUR_ENVIRONMENT),
    Contestant("transformers", "generate_transformers"),
    Contestant("transformers, our environment", "generate_transformers", OUR_ENVIRONMENT),
]


def measure(shape: str, rounds: int, texts: int, threads: int) -> dict[str, Any]:
    """One whole comparison as plain JSON."""
    here = machine()
    settings = {**SHAPES[shape], "threads": threads, "dtype": dtype_of(here), "warm_up": 1}
    result = hold(CONTESTANTS, OURS, settings, rounds, texts)
    return {"benchmark": "generate", "shape": shape, "machine": here, **result}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--shape", choices=list(SHAPES), default="small")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--texts", type=int, default=2, help="texts in a burst")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    print(json.dumps(measure(options.shape, options.rounds, options.texts, options.threads)))


if __name__ == "__main__":
    main()
