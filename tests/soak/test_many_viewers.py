"""A thousand viewers of one real training, five hundred of them cut off on the way: each saw every step once.

`GLASSWORKS_SOAK_VIEWERS` sets another number, `GLASSWORKS_SEED` repeats a seed. What was seen is kept in `soak-results/`.
"""

import asyncio
import os
import random
import time
from pathlib import Path

import pytest

from tests.conftest import make_home
from tests.processes import until
from tests.server.house import House
from tests.server.jobs.counting import look
from tests.server.live.crowd import Viewer, crowd, until_all
from tests.server.live.training import begin
from tests.soak.conftest import write_result

NUM_VIEWERS = int(os.environ.get("GLASSWORKS_SOAK_VIEWERS") or 1000)
NUM_CUTS = NUM_VIEWERS // 2
STEPS = 3000
CUT_EVERY_S = 0.1
LIMIT_S = 1800


@pytest.mark.soak
def test_a_thousand_viewers_see_every_step_once(tmp_path: Path, seed: int) -> None:
    with House(make_home(tmp_path / "home")) as house:
        run, node = begin(house, tmp_path, STEPS)
        started_s = time.monotonic()
        viewers = asyncio.run(look_on(house, node, random.Random(seed)))
        found = {
            "viewers": NUM_VIEWERS,
            "cuts": NUM_CUTS,
            "reconnects": sum(viewer.num_connections - 1 for viewer in viewers),
            "gaps": sum(viewer.gaps for viewer in viewers),
            "doubles": sum(viewer.doubles for viewer in viewers),
            "snapshots": max(viewer.num_snapshots for viewer in viewers),
            "least_last_step": min(viewer.last_step for viewer in viewers),
            "duration_s": round(time.monotonic() - started_s),
        }
        write_result("viewers", seed, **found)
        assert found["reconnects"] >= NUM_CUTS
        assert (found["gaps"], found["doubles"], found["snapshots"]) == (0, 0, 1)
        assert found["least_last_step"] == STEPS
        until(lambda: look(house, run)["run"]["status"] == "done")


async def look_on(house: House, node: str, chance: random.Random) -> list[Viewer]:
    """All follow until the last step; every tenth of a second somebody's line is cut."""
    viewers = [Viewer() for _ in range(NUM_VIEWERS)]
    async with crowd(viewers, lambda: (house.address, house.token), node):
        await until_all(viewers, lambda viewer: viewer.num_snapshots > 0, LIMIT_S)
        for _ in range(NUM_CUTS):
            chance.choice([viewer for viewer in viewers if viewer.socket is not None]).cut()
            await asyncio.sleep(CUT_EVERY_S)
        await until_all(viewers, lambda viewer: viewer.last_step >= STEPS, LIMIT_S)
        await until_all(viewers, lambda viewer: viewer.socket is not None, LIMIT_S)
    return viewers
