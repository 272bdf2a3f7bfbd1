"""A real training on a real server, for whoever wants to look on: the soak tests and the bench of the live stream."""

from pathlib import Path
from typing import Any

import yaml

from tests.conftest import write_tiny_recipe
from tests.server.house import House
from tests.server.jobs.counting import look, until_step

TRAINING: dict[str, Any] = {
    "checkpoint_every": 200,
    "evaluate_every": 200,
    "sample_every": 500,
    "batch_size": 32,
}


def begin(house: House, folder: Path, steps: int) -> tuple[str, str]:
    """A real training, begun; returns the run and its training's run."""
    recipe = write_tiny_recipe(folder, "tiny", **{**TRAINING, "steps": steps})
    document: dict[str, Any] = yaml.safe_load(recipe.read_text())
    answer = house.api.post("/api/runs", json={"document": document})
    run: str = answer.json()["run"]["id"]
    until_step(house, run, 1)
    nodes = look(house, run)["nodes"]
    return run, next(node["run"] for node in nodes if node["stage"] == "train_model")
