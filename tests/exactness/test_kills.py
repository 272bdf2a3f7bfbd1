"""Exact resume, through the shipped command line on the shipped recipe: killed again and again, the same bits.

Nothing but the length is changed. Two threads; validation, samples and tracked prompts are on, as in the recipe.
"""

import random
from pathlib import Path

import pytest

from tests.acceptance.house import House
from tests.exactness.kills import (
    NUM_THREADS,
    Tally,
    Victim,
    copy_of,
    kill_all,
    order,
    prepare,
    seconds_a_step,
    story,
)

STEPS = 24
NUM_KILLS = 8
NUM_IN_SAVE = 2


@pytest.mark.timeout(3600)
def test_a_run_that_is_killed_again_and_again_says_the_same(tmp_path: Path, seed: int) -> None:
    house = prepare(tmp_path)
    quiet, killed = copy_of(house, "quiet"), copy_of(house, "killed")
    try:
        quiet.must(*order(STEPS)[:-1])
        victims: list[Victim] = ["shim", "all"]
        victims += ["save" for _ in range(NUM_IN_SAVE)]
        victims += ["worker" for _ in range(NUM_KILLS - NUM_IN_SAVE)]
        random.Random(seed).shuffle(victims)
        tally = Tally()
        kill_all(killed, victims, STEPS, seed, seconds_a_step(quiet), NUM_IN_SAVE, tally)
        assert tally.worker >= NUM_KILLS and tally.in_save >= NUM_IN_SAVE
        check_same(quiet, killed, STEPS)
        assert len(killed.state_of("train").attempts) == tally.total + 1
    finally:
        quiet.end()
        killed.end()


def check_same(quiet: House, killed: House, steps: int) -> None:
    """Every figure and every word is equal, bit for bit, and so are the weights."""
    wanted, found = story(quiet), story(killed)
    assert [row["step"] for row in wanted.rows] == list(range(1, steps + 1))
    assert wanted.evaluations and wanted.samples and wanted.tracked_prompts
    assert found == wanted
    assert found.is_bit_exact
    node = next(run.spec().node for run in [killed.node("train")] if run is not None)
    assert node is not None and node.resources["threads"] == NUM_THREADS
