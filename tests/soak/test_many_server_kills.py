"""Fifty kills of the server during one real training: no row lost or doubled, one attempt, no process left over, and the
viewers caught up without a gap.

`GLASSWORKS_SOAK_SERVER_KILLS` sets another number, `GLASSWORKS_SEED` repeats a seed.
"""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from glassworks.storage.follow import RunFollower
from glassworks.storage.store import Store
from tests.conftest import make_home
from tests.processes import until
from tests.server.house import House
from tests.server.jobs.counting import look
from tests.server.jobs.test_adoption import processes_of
from tests.server.live.crowd import Viewer, crowd, until_all
from tests.server.live.training import begin
from tests.soak.conftest import write_result

NUM_KILLS = int(os.environ.get("GLASSWORKS_SOAK_SERVER_KILLS") or 50)
NUM_VIEWERS = 20
STEPS = 200 * NUM_KILLS
LONGEST_LIFE_S = 2.0
LIMIT_S = 600


@pytest.mark.soak
def test_fifty_kills_of_the_server(tmp_path: Path, seed: int) -> None:
    house = House(make_home(tmp_path / "home"))
    house.start()
    run, node = begin(house, tmp_path, steps=STEPS)
    started_s = time.monotonic()
    viewers, behind_s = asyncio.run(kill_again_and_again(house, node, random.Random(seed)))
    until(lambda: look(house, run)["run"]["status"] == "done")
    found = {
        "kills": NUM_KILLS,
        "gaps": sum(viewer.gaps for viewer in viewers),
        "doubles": sum(viewer.doubles for viewer in viewers),
        "snapshots": max(viewer.num_snapshots for viewer in viewers),
        "attempts": len(look(house, node)["state"]["attempts"]),
        "longest_until_all_caught_up_s": round(max(behind_s), 2),
        "duration_s": round(time.monotonic() - started_s),
    }
    write_result("server-kills", seed, **found)
    assert stored_steps(house.home, node) == list(range(1, STEPS + 1))
    assert (found["gaps"], found["doubles"], found["snapshots"], found["attempts"]) == (0, 0, 1, 1)
    house.stop()
    assert processes_of(house.home) == []


async def kill_again_and_again(
    house: House, node: str, chance: random.Random
) -> tuple[list[Viewer], list[float]]:
    """Kill at random moments; returns the viewers and, for each kill, how long it took until all had caught up."""
    viewers = [Viewer() for _ in range(NUM_VIEWERS)]
    behind_s = []
    async with crowd(viewers, lambda: (house.address, house.token), node):
        await until_all(viewers, lambda viewer: viewer.num_snapshots > 0, LIMIT_S)
        for _ in range(NUM_KILLS):
            await asyncio.sleep(chance.uniform(0, LONGEST_LIFE_S))
            newest = max(viewer.last_step for viewer in viewers)
            began = time.monotonic()
            await asyncio.to_thread(house.stop, signal.SIGKILL)
            await asyncio.to_thread(house.start)
            await until_all(viewers, has_seen(min(newest + 1, STEPS)), LIMIT_S)
            behind_s.append(time.monotonic() - began)
        await until_all(viewers, has_seen(STEPS), LIMIT_S)
    return viewers, behind_s


def has_seen(step: int) -> Callable[[Viewer], bool]:
    return lambda viewer: viewer.last_step >= step


def stored_steps(home: Path, node: str) -> list[int]:
    """The steps whose rows count, from the folder itself."""
    follower = RunFollower(Store(home / "store").runs.get(node))
    follower.poll()
    return [int(row["step"]) for row in follower.rows]
