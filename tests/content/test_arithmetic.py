"""The recipe `arithmetic` through the shipped command line: short here, in full under `make soak`."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from glassworks.lm.data import DatasetReader, TokenReader
from tests.cli.terminal import ENTRY, Terminal

SHORT = ["--set", "train.steps=30", "--set", "data.source.num_documents=1000"]


def build(folder: Path, *settings: str, limit_s: float) -> dict[str, Path]:
    """Run the recipe in an empty home; output -> its folder."""
    terminal = Terminal(folder)  # its home, and short commands; the run itself may take longer
    done = subprocess.run(
        [sys.executable, "-c", ENTRY, "run", "arithmetic", *settings, "--json"],
        env=terminal.environment(),
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outputs = json.loads(done.stdout)["outputs"]
    return {
        name: Path(json.loads(terminal.run("show", artifact, "--json").stdout)["folder"])
        for name, artifact in outputs.items()
    }


def test_short(tmp_path: Path) -> None:
    found = build(tmp_path, *SHORT, limit_s=280)
    train, validation = (
        DatasetReader(found[f"split.{part}"]).groups() for part in ("train", "validation")
    )
    assert train
    assert validation
    assert not train & validation, "a sum and its mirror image are on both sides"
    assert TokenReader(found["tokens.train"]).has_mask
    evaluation = json.loads((found["evaluate.evaluation"] / "evaluation.json").read_text("utf-8"))
    assert evaluation["scores"][0]["kind"] == "exact_match"
    assert (
        evaluation["loss"]["nats_per_token"] < evaluation["yardsticks"][0]["loss"]["nats_per_token"]
    )
    items = pq.read_table(found["evaluate.evaluation"] / "items.parquet").to_pylist()
    asked = [item for item in items if item["kind"] == "exact_match"]
    for item in asked:
        left, right = item["id"].split("+")
        assert int(item["expected"][::-1]) == int(left) + int(right)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_it_learns_to_add(tmp_path: Path) -> None:
    """At least 95 % of held-out sums are right to the last digit."""
    found = build(tmp_path, limit_s=1700)
    evaluation = json.loads((found["evaluate.evaluation"] / "evaluation.json").read_text("utf-8"))
    score = evaluation["scores"][0]
    print(f"exact match {score['value']:.3f} of {score['num_items']} held-out sums")  # noqa: T201
    assert score["num_items"] >= 990
    assert score["value"] >= 0.95
