"""The recipe `arithmetic` as it is shipped: at least 95 % of the held-out sums are exactly right.

How long it took is kept in `soak-results/`, beside the promise of 15 minutes on two cores.
"""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.house import House
from tests.soak.conftest import write_result

WANTED = 0.95
PROMISED_S = 15 * 60


@pytest.mark.soak
def test_arithmetic_learns_to_add(tmp_path: Path, seed: int) -> None:
    house = House(tmp_path / "home")
    started_s = time.monotonic()
    try:
        outputs: dict[str, str] = house.must("run", "arithmetic")["outputs"]
        duration_s = round(time.monotonic() - started_s)
        score = exact_match(house, outputs["evaluate.evaluation"])
        write_result(
            "arithmetic",
            seed,
            verdict="learned" if score["value"] >= WANTED else "not learned",
            exact_match=score,
            duration_s=duration_s,
            is_within_promise=duration_s <= PROMISED_S,
        )
        assert score["value"] >= WANTED
    finally:
        house.end()


def exact_match(house: House, evaluation: str) -> dict[str, Any]:
    """The score of the evaluation artifact, over all held-out sums that were asked."""
    file = house.store.artifacts.path(evaluation) / "evaluation.json"
    scores = json.loads(file.read_text("utf-8"))["scores"]
    found: dict[str, Any] = next(score for score in scores if score["kind"] == "exact_match")
    return found
