"""A gigabyte of text passes clean, split and tokenize, and all processes of it together never hold a gigabyte.

The text is made by the generator, the stages run as the shipped command line runs them, in a home of their own. In the middle
of tokenizing the worker is killed with -9; the same command goes on, and the tokens are those of a tokenizing that nobody
disturbed. Needs about 6 GB of disk for that time.

`GLASSWORKS_SOAK_MEGABYTES` sets another size. What each process and all together held at most is kept in `soak-results/`.
"""

import json
import os
import shutil
import signal
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from glassworks.common.hashing import hash_file
from glassworks.stages import STAGES
from glassworks.storage.runs import RunFolder
from tests.acceptance.house import House
from tests.conftest import make_home
from tests.soak.conftest import write_result
from tests.soak.memory import MemoryWatch
from tests.stages.bench import make_context

MEGABYTES = int(os.environ.get("GLASSWORKS_SOAK_MEGABYTES") or 1000)
MOST_BYTES = 1_000_000_000
BYTES_A_STORY = 800
"""At least, in the mean."""
LIMIT_S = 3600.0
STORIES = {"kind": "stories", "max_searches": 8}
RECIPE: dict[str, Any] = {
    "name": "gigabyte",
    "title": "A gigabyte",
    "output": "tokens.train",
    "nodes": {
        "data": {"stage": "import_dataset", "config": {"source": STORIES}},
        "few": {
            "stage": "import_dataset",
            "config": {"source": {**STORIES, "num_documents": 4000}},
        },
        "tokenizer": {
            "stage": "train_tokenizer",
            "config": {"trainer": {"kind": "byte_bpe", "vocab_size": 4096, "fit": "text"}},
            "inputs": {"dataset": "few.dataset"},
        },
        "clean": {
            "stage": "clean_dataset",
            "config": {"processes": 2},
            "inputs": {"dataset": "data.dataset"},
        },
        "split": {"stage": "split_dataset", "inputs": {"dataset": "clean.dataset"}},
        "tokens": {
            "stage": "tokenize_dataset",
            "config": {"processes": 2},
            "inputs": {
                "train": "split.train",
                "validation": "split.validation",
                "tokenizer": "tokenizer.tokenizer",
            },
        },
    },
}


@pytest.mark.soak
def test_a_gigabyte_in_less_than_a_gigabyte(tmp_path: Path, seed: int) -> None:
    house = House(make_home(tmp_path / "home"))
    recipe = tmp_path / "gigabyte.yaml"
    recipe.write_text(yaml.safe_dump(RECIPE, sort_keys=False), "utf-8")
    num_documents = -(-MEGABYTES * 1_000_000 // BYTES_A_STORY)
    order = ["run", str(recipe), "--set", f"data.source.num_documents={num_documents}", "--json"]
    started_s = time.monotonic()
    found: dict[str, Any] = {"megabytes": MEGABYTES, "verdict": "not finished"}
    memory = MemoryWatch(house)
    try:
        with memory:
            num_finished = kill_in_the_middle(house, order)
            outputs = finish(house, order)
        found |= {
            "kill_after_row_groups": num_finished,
            "duration_s": round(time.monotonic() - started_s),
            "durations_s": {name: seconds(node_of(house, name)) for name in RECIPE["nodes"]},
            "bytes": {name: size(house, name) for name in ("data", "clean", "split")},
            "verdict": "different tokens",
        }
        assert found["bytes"]["data"]["dataset"] >= MEGABYTES * 1_000_000
        assert {"clean/helper", "tokens/helper"} <= memory.peaks.keys()
        check_the_same(house, outputs, tmp_path / "again")
        found["verdict"] = "too much memory"
        assert memory.peak_of_all < MOST_BYTES
        found["verdict"] = "the same tokens, under a gigabyte in all processes together"
    finally:
        found |= {
            "peak_megabytes": {what: b // 1_000_000 for what, b in sorted(memory.peaks.items())},
            "peak_megabytes_of_all_together": memory.peak_of_all // 1_000_000,
            "load": os.getloadavg(),
        }
        write_result("gigabyte", seed, **found)
        house.end()
        shutil.rmtree(tmp_path)


def kill_in_the_middle(house: House, order: list[str]) -> int:
    """Run until about half of the tokens are saved, then kill the worker; returns how many row groups were saved."""
    driver = house.start(*order)
    try:
        while (num_saved := num_saved_groups(house)) < max(4, MEGABYTES // 16):
            assert driver.poll() is None, "\n".join(driver.communicate())
            time.sleep(0.05)
        attempt = node_of(house, "tokens").attempt(1).path
        beat = json.loads((attempt / "heartbeat.json").read_text("utf-8"))
        os.kill(beat["pid"], signal.SIGKILL)
        driver.communicate(timeout=LIMIT_S)
    finally:
        if driver.poll() is None:
            driver.kill()
            driver.communicate()
    assert driver.returncode == 2
    assert house.processes() == []
    return num_saved


def num_saved_groups(house: House) -> int:
    """Row groups that the first attempt at the tokens has saved: the step of its newest state."""
    run = house.node("tokens")
    states = run.path.glob("attempts/1/state/step-*") if run else ()
    names = [state.name.removeprefix("step-") for state in states]
    return max((int(name) for name in names if name.isdigit()), default=0)


def finish(house: House, order: list[str]) -> dict[str, str]:
    """The same command goes on where the killed one was; returns the outputs of the tokens."""
    driver = house.start(*order)
    out, err = driver.communicate(timeout=LIMIT_S)
    assert driver.returncode == 0, out + err
    run = node_of(house, "tokens")
    log = (run.attempt(2).path / "log.jsonl").read_text("utf-8")
    assert "row groups were finished before" in log
    done = run.done()
    assert done is not None
    return done.outputs


def check_the_same(house: House, outputs: dict[str, str], out: Path) -> None:
    """The stage once more, undisturbed, on the same artifacts: the same files as in the artifacts."""
    done = node_of(house, "tokens").done()
    assert done is not None
    folders = {name: house.store.artifacts.path(found) for name, found in done.inputs.items()}
    context = make_context("tokenize_dataset", out, {"processes": 2}, folders)
    context.input_ids = done.inputs
    STAGES.load("tokenize_dataset")().run(context)
    for part, artifact in outputs.items():
        published = {
            file.path: file.sha256 for file in house.store.artifacts.manifest(artifact).files
        }
        assert {path.name: hash_file(path) for path in (out / part).iterdir()} == published


def node_of(house: House, name: str) -> RunFolder:
    run = house.node(name)
    assert run is not None
    return run


def size(house: House, name: str) -> dict[str, Any]:
    """Bytes of text of each output of a node."""
    done = node_of(house, name).done()
    assert done is not None
    manifest = house.store.artifacts.manifest
    return {output: manifest(found).summary["bytes"] for output, found in done.outputs.items()}


def seconds(run: RunFolder) -> float:
    """How long all attempts of a run took together, by what the shim wrote."""
    total = 0.0
    for number in run.attempt_numbers():
        told = json.loads(run.attempt(number).exit_file.read_text("utf-8"))
        times = [datetime.fromisoformat(told[key]) for key in ("started_at", "ended_at")]
        total += (times[1] - times[0]).total_seconds()
    return round(total, 1)
