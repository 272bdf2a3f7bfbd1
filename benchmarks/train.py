"""Training, tokens per second: our training step beside a minimal PyTorch loop and the GPT-2 of `transformers`.

Same number of layers, width, heads, vocabulary, context, batch and threads. All compute in bf16 where this processor
does so fast (the peers by autocast, the usual way), else in fp32. Each peer runs twice: as it comes, and with the
environment variables that our runs have. `--compiled` adds both of us compiled, as a long run is; that takes minutes first.
`of_ceiling` is the share of the matmul ceiling that was measured in the same run, by the usual count: 6 FLOPs a weight
and 12 * layers * context * width for attention, for each token.
"""

import argparse
import json
from typing import Any

from benchmarks.arena import OUR_ENVIRONMENT, Contestant, hold
from benchmarks.measured import dtype_of, machine
from benchmarks.shapes import SHAPES

OURS = "glassworks"
OURS_COMPILED = "glassworks, compiled"
CONTESTANTS = [
    Contestant(OURS, "train_glassworks", OUR_ENVIRONMENT, {"optimizer": "adamw"}),
    Contestant("glassworks, Muon", "train_glassworks", OUR_ENVIRONMENT),
    Contestant("plain PyTorch", "train_plain"),
    Contestant("plain PyTorch, our environment", "train_plain", OUR_ENVIRONMENT),
    Contestant("GPT-2 in transformers", "train_gpt2"),
    Contestant("GPT-2 in transformers, our environment", "train_gpt2", OUR_ENVIRONMENT),
]
COMPILED = [
    Contestant(
        OURS_COMPILED,
        "train_glassworks",
        OUR_ENVIRONMENT,
        {"optimizer": "adamw", "compile": True},
    ),
    Contestant("plain PyTorch, compiled", "train_plain", OUR_ENVIRONMENT, {"compile": True}),
]


def measure(
    shape: str, rounds: int, steps: int, threads: int, has_compiled: bool = False
) -> dict[str, Any]:
    """One whole comparison as plain JSON."""
    contestants = CONTESTANTS + COMPILED * has_compiled
    here = machine()
    settings = {**SHAPES[shape], "threads": threads, "dtype": dtype_of(here), "warm_up": 3}
    ours = (OURS, OURS_COMPILED) if has_compiled else OURS
    result = hold(contestants, ours, settings, rounds, steps)
    ceiling = here["matmul_gflops"][f"cpu/{settings['dtype']}"] * 1e9
    for contestant in result["contestants"].values():
        rate = contestant["tokens_per_s"]["median"]
        contestant["of_ceiling"] = round(rate * flops_per_token(settings) / ceiling, 3)
    return {"benchmark": "train", "shape": shape, "machine": here, **result}


def flops_per_token(shape: dict[str, Any]) -> int:
    """Of a training step of a plain transformer: forward and twice as much backward, the head included."""
    width, layers = shape["width"], shape["layers"]
    weights = 12 * layers * width**2 + shape["vocab_size"] * width
    return 6 * int(weights) + 12 * int(layers * shape["context"] * width)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--shape", choices=list(SHAPES), default="small")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=8, help="steps in a burst")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--compiled", action="store_true", help="both compiled too")
    options = parser.parse_args()
    asked = (options.shape, options.rounds, options.steps, options.threads, options.compiled)
    print(json.dumps(measure(*asked)))


if __name__ == "__main__":
    main()
