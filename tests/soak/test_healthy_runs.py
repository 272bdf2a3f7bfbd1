"""Twenty healthy runs of 400 steps: no diagnostic speaks in any. What was found is kept in `soak-results/`."""

from pathlib import Path

import pytest

from tests.lm.train.diagnostics.healthy import NUM_RUNS, healthy
from tests.lm.train.diagnostics.runs import findings, losses, train
from tests.soak.conftest import write_result

STEPS = 400


@pytest.mark.soak
def test_nothing_is_found_in_twenty_healthy_runs(tmp_path: Path, seed: int) -> None:
    found: dict[str, list[str]] = {}
    for number in range(NUM_RUNS):
        text, architecture, settings = healthy(number)
        settings = {**settings, "steps": STEPS, "seed": seed + number}
        context, error = train(tmp_path / str(number), text, architecture, settings)
        assert error is None
        assert losses(context)[-1] < 0.9 * losses(context)[0], "it learned"
        if codes := [f"{event.code} at step {event.step}" for event in findings(context)]:
            found[str(number)] = codes
    write_result("healthy_runs", seed, verdict="silent" if not found else "spoke", runs=NUM_RUNS, found=found)  # fmt: skip
    assert found == {}
