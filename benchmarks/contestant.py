"""The contestant's side of the arena: prepare, then one burst of work for each line that comes in.

In: settings as JSON in the first argument; then lines `<units>` on stdin. Out: a line of JSON about itself, then a line
`{"tokens", "seconds", "cpu_s"}` for each burst; `cpu_s` is the time on a processor, of the processes that it started too. The process sleeps between bursts, so contestants do not disturb each other.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

Burst = Callable[[int], int]
"""Does so many units of work and returns the number of tokens that were processed."""


def compete(
    prepare: Callable[[dict[str, Any]], tuple[Burst, dict[str, Any]]], uses_torch: bool = True
) -> None:
    """Run a contestant. `prepare(settings)` returns its burst and what it wants to say about itself."""
    settings = json.loads(sys.argv[1])
    if uses_torch:
        import torch

        torch.set_num_threads(settings["threads"])
    burst, about = prepare(settings)
    if settings["warm_up"]:
        burst(settings["warm_up"])
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        started, cpu_before_s = time.perf_counter(), _cpu_s()
        tokens = burst(int(line))
        seconds = time.perf_counter() - started
        cpu_s = _cpu_s() - cpu_before_s
        answer = {"tokens": tokens, "seconds": seconds, "cpu_s": cpu_s}
        print(json.dumps(answer), flush=True)


def _cpu_s() -> float:
    """Of this process and of those that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
