"""Every recipe that is broken on purpose, as it is shipped: its run tells the fault that it is named after.

How long each took is kept in `soak-results/`, beside the promise of a minute on two cores.
"""

import time
from pathlib import Path

import pytest

from glassworks.flow.recipe import load_recipe, recipe_names
from glassworks.lm.train.diagnostics import DIAGNOSTICS
from glassworks.lm.train.watch import code_of
from tests.acceptance.house import House
from tests.soak.conftest import write_result

BROKEN = [name for name in recipe_names() if load_recipe(name).about_fault]
PROMISED_S = 60


@pytest.mark.soak
def test_each_tells_its_fault(tmp_path: Path, seed: int) -> None:
    house = House(tmp_path / "home")
    took_s: dict[str, float] = {}
    silent = []
    try:
        for name in BROKEN:
            started_s = time.monotonic()
            done = house.run("run", name)
            took_s[name] = round(time.monotonic() - started_s, 1)
            assert done.returncode == (2 if name == "broken-nan" else 0), done.stdout + done.stderr
            node = house.node("train")
            assert node is not None
            codes = {event.code for event in node.state().findings}
            if name.removeprefix("broken-") not in codes:
                silent.append(f"{name}: {sorted(codes)}")
    finally:
        house.end()
    write_result("broken_recipes", seed, verdict="told" if not silent else "silent", silent=silent, duration_s=took_s, is_within_promise=max(took_s.values()) <= PROMISED_S)  # fmt: skip
    assert silent == []


def test_each_diagnostic_that_a_recipe_can_have_has_one() -> None:
    """Memory cannot be made scarce by a recipe without harm to the machine."""
    wanted = {f"broken-{code_of(name)}" for name in DIAGNOSTICS.names()}
    assert set(BROKEN) == wanted - {"broken-memory-near-limit"}
