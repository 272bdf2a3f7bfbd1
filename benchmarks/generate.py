"""Generation, tokens per second of one text or of several at once: ours beside `generate` of `transformers`.

Both have the same architecture, the same weights in fp32 by way of our export, a cache, the same prompts and number of new
tokens, greedy. `same_ids` says whether both wrote the same tokens.
"""

import argparse
import json
from typing import Any

from benchmarks.arena import OUR_ENVIRONMENT, Contestant, hold
from benchmarks.measured import machine
from benchmarks.shapes import SHAPES

OURS = "glassworks"
CONTESTANTS = [
    Contestant(OURS, "generate_glassworks", OUR_ENVIRONMENT),
    Contestant("transformers", "generate_transformers"),
    Contestant("transformers, our environment", "generate_transformers", OUR_ENVIRONMENT),
]


def measure(shape: str, rounds: int, rows: int, threads: int) -> dict[str, Any]:
    """One whole comparison as plain JSON; `rows`: texts beside each other."""
    here = machine()
    settings = {**SHAPES[shape], "rows": rows, "threads": threads, "dtype": "fp32", "warm_up": 0}
    result = hold(CONTESTANTS, OURS, settings, rounds, 1)
    digests = {contestant["digest"] for contestant in result["contestants"].values()}
    about = {"benchmark": "generate", "shape": shape, "machine": here}
    return {**about, "same_ids": len(digests) == 1, **result}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--shape", choices=list(SHAPES), default="small")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--rows", type=int, default=1, help="texts beside each other")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    print(json.dumps(measure(options.shape, options.rounds, options.rows, options.threads)))


if __name__ == "__main__":
    main()
