"""A hundred kills of the recipe `first-model`, twenty or more inside a save: the same bits as the run that was let be.

`GLASSWORKS_SOAK_KILLS` sets another number, `GLASSWORKS_SEED` repeats a seed. The verdict, with all counts, is kept in
`soak-results/`, also when the test fails.
"""

import os
import random
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.exactness.kills import Tally, Victim, copy_of, kill_all, order, prepare, seconds_a_step
from tests.exactness.test_kills import check_same
from tests.soak.conftest import write_result

NUM_KILLS = int(os.environ.get("GLASSWORKS_SOAK_KILLS") or 100)
SHARE_IN_SAVE, SHARE_SHIM, SHARE_ALL = 0.2, 0.05, 0.05
STEPS = 2 * NUM_KILLS + 40
"""With a hundred kills the recipe's own cadence falls into the run: looks at steps 100 and 200."""


@pytest.mark.soak
def test_many_kills(tmp_path: Path, seed: int) -> None:
    num_in_save = round(SHARE_IN_SAVE * NUM_KILLS)
    tally, verdict, started_s = Tally(), "not finished", time.monotonic()
    house = prepare(tmp_path)
    quiet, killed = copy_of(house, "quiet"), copy_of(house, "killed")
    try:
        quiet.must(*order(STEPS)[:-1])
        chosen = victims(seed, num_in_save)
        kill_all(killed, chosen, STEPS, seed, seconds_a_step(quiet), num_in_save, tally)
        verdict = "different"
        assert tally.total >= NUM_KILLS and tally.in_save >= num_in_save
        check_same(quiet, killed, STEPS)
        verdict = "equal, bit for bit"
    finally:
        duration_s = round(time.monotonic() - started_s)
        write_result(
            "kills", seed, verdict=verdict, steps=STEPS, duration_s=duration_s, **asdict(tally)
        )
        quiet.end()
        killed.end()


def victims(seed: int, num_in_save: int) -> list[Victim]:
    """Who is killed, in a random order."""
    num_shim, num_all = round(SHARE_SHIM * NUM_KILLS), round(SHARE_ALL * NUM_KILLS)
    chosen: list[Victim] = ["save" for _ in range(num_in_save)]
    chosen += ["shim" for _ in range(num_shim)]
    chosen += ["all" for _ in range(num_all)]
    chosen += ["worker" for _ in range(NUM_KILLS - len(chosen))]
    random.Random(seed).shuffle(chosen)
    return chosen
