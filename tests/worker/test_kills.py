"""Attempts that are killed at random moments: nothing is left running, every state is sound, the count comes out right."""

import json
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from glassworks.specs.order import EXIT_DONE
from glassworks.storage.states import damage, read_state_manifest, steps
from tests.worker.attempts import Attempts, lines

CONFIG: dict[str, Any] = {"steps": 400, "save_every": 3, "pause_s": 0.002}


def newest_state(folders: list[Path]) -> tuple[int, Path] | None:
    found = [(step, f / "state" / f"step-{step}") for f in folders for step in steps(f / "state")]
    return max(found) if found else None


def resume_fields(state: tuple[int, Path] | None) -> dict[str, Any]:
    if state is None:
        return {}
    step, folder = state
    artifact = read_state_manifest(folder).artifact
    return {"resume_from": str(folder), "resume_step": step, "resume_artifact": artifact}


def kill_at_random(attempts: Attempts, folder: Path, chance: random.Random) -> str:
    """Kill the worker or the shim some time after the count began; returns which."""
    limit = time.monotonic() + 60
    while not lines(folder / "events.jsonl") and time.monotonic() < limit:
        time.sleep(0.005)
    time.sleep(chance.uniform(0.0, 0.5))
    victim = chance.choice(["pid", "shim_pid"])
    if attempts.executor.observe(folder).is_running:
        os.kill(json.loads((folder / "heartbeat.json").read_text())[victim], signal.SIGKILL)
    return victim


def run_with_kills(attempts: Attempts, num_kills: int, seed: int, saves_beside: bool) -> None:
    config = {**CONFIG, "saves_beside": saves_beside}
    chance = random.Random(seed)
    folders: list[Path] = []
    rows: dict[int, int] = {}
    for number in range(1, num_kills + 2):
        fields = resume_fields(newest_state(folders))
        folder = attempts.start(number, config=config, **fields)
        if number <= num_kills:
            kill_at_random(attempts, folder, chance)
        else:
            assert attempts.wait(folder).returncode == EXIT_DONE
        attempts.executor.reap(folder)
        assert attempts.executor.owned(folder) == []
        folders.append(folder)
        first = fields.get("resume_step", 0)
        rows = {step: total for step, total in rows.items() if step <= first}
        rows |= {row["step"]: row["total"] for row in lines(folder / "metrics.jsonl")}
        assert [damage(folder / "state" / f"step-{step}") for step in steps(folder / "state")] == [
            "" for _ in steps(folder / "state")
        ]
    assert rows == {step: step * (step + 1) // 2 for step in range(1, CONFIG["steps"] + 1)}


@pytest.mark.parametrize("saves_beside", [False, True], ids=["in-the-loop", "beside"])
def test_three_kills(attempts: Attempts, saves_beside: bool) -> None:
    run_with_kills(attempts, 3, 1, saves_beside)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(8))
def test_many_kills(attempts: Attempts, seed: int) -> None:
    run_with_kills(attempts, 12, seed, saves_beside=seed % 2 == 0)
