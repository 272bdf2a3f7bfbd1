"""Our whole `tokenize_dataset` stage: reads the dataset, encodes in as many processes as there are threads, writes shards."""

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.contestant import Burst, compete
from tests.stages.bench import run_stage


def prepare(settings: dict[str, Any]) -> tuple[Burst, dict[str, Any]]:
    def burst(_: int) -> int:
        with tempfile.TemporaryDirectory(prefix="glassworks-bench-") as folder:
            run = run_stage(
                "tokenize_dataset",
                Path(folder),
                {"processes": settings["threads"]},
                train=Path(settings["dataset"]),
                tokenizer=Path(settings["tokenizer"]),
            )
        summary = run.summaries["train"]
        return int(summary["tokens"] - summary["documents"])

    return burst, {"what": "the whole stage: read, encode, save, write"}


if __name__ == "__main__":
    compete(prepare, uses_torch=False)
