"""Our clean, split and tokenize stages, one after another, on a dataset and a tokenizer that lie ready.

`GLASSWORKS_BENCH_CORES` in the environment: on how many cores, with a process each. How long each stage took goes to stderr.
"""

import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.contestant import Burst, compete
from tests.stages.bench import run_stage


def prepare(settings: dict[str, Any]) -> tuple[Burst, dict[str, Any]]:
    num_cores = int(os.environ["GLASSWORKS_BENCH_CORES"])
    pin(num_cores)

    def burst(_: int) -> int:
        with tempfile.TemporaryDirectory(prefix="glassworks-bench-") as folder:
            return all_stages(Path(folder), settings, num_cores)

    return burst, {"cores": num_cores, "processes": num_cores}


def pin(num_cores: int) -> None:
    """This process and what it starts use so many cores, where the system can say so."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:num_cores])


def all_stages(out: Path, settings: dict[str, Any], processes: int) -> int:
    """Returns the number of tokens at the end."""
    dataset, tokenizer = Path(settings["dataset"]), Path(settings["tokenizer"])
    shared = {"processes": processes}
    begun = [time.perf_counter()]
    run_stage("clean_dataset", out / "clean", shared, dataset=dataset)
    begun.append(time.perf_counter())
    run_stage("split_dataset", out / "split", dataset=out / "clean/dataset")
    begun.append(time.perf_counter())
    parts = {part: out / "split" / part for part in ("train", "validation")}
    run = run_stage("tokenize_dataset", out / "tokens", shared, **parts, tokenizer=tokenizer)
    begun.append(time.perf_counter())
    spans = [f"{stop - start:.1f}" for start, stop in pairwise(begun)]
    print(f"{processes} cores: clean, split, tokenize {', '.join(spans)} s", file=sys.stderr)
    return sum(int(run.summaries[part]["tokens"]) for part in parts)


if __name__ == "__main__":
    compete(prepare, uses_torch=False)
