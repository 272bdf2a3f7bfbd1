"""A run that trains twice: its page shows what trains now, and in the end the training whose model the run was for."""

import copy
import re
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import LONG, document, open_page, order, signed_in, status
from tests.processes import until
from tests.server.house import House

FIRST_STEPS, SECOND_STEPS = 8, 12


def two(folder: Path, output: str, **second: object) -> dict[str, object]:
    """The tiny recipe with a training behind the first one that goes on from its model."""
    recipe = document(folder, steps=FIRST_STEPS)
    further = copy.deepcopy(recipe["nodes"]["train"])
    further["config"] |= second
    further["inputs"] |= {"init_from": "train.checkpoint"}
    recipe["nodes"]["further"] = further
    return {**recipe, "output": output}


def test_the_second_is_shown_while_it_trains(
    browser: Browser, fresh: House, tmp_path: Path
) -> None:
    run = order(fresh, two(tmp_path, "further.checkpoint", **LONG))
    until(lambda: fresh.api.get(f"/api/runs/{run}").json()["run"]["node"] == "further")
    context = signed_in(browser, fresh)
    page = open_page(context, fresh.address, f"/runs/{run}")
    rail = page.get_by_role("progressbar", name="Steps done").locator("xpath=..")
    expect(rail).to_contain_text(f"of {LONG['steps']:,}")
    expect(page.get_by_label(f"Talk to step {FIRST_STEPS}", exact=True)).to_have_count(0)
    fresh.api.post(f"/api/runs/{run}/cancel").raise_for_status()
    context.close()


def test_in_the_end_the_one_that_the_run_was_for(
    browser: Browser, fresh: House, tmp_path: Path
) -> None:
    """Whichever of the two trainings it was, and not the last one."""
    context = signed_in(browser, fresh)
    for output, steps in (("train", FIRST_STEPS), ("further", SECOND_STEPS)):
        recipe = two(tmp_path, f"{output}.checkpoint", steps=SECOND_STEPS)
        run = order(fresh, {**recipe, "name": f"for-{output}"})
        until(partial(is_done, fresh, run), limit_s=120)
        page = open_page(context, fresh.address, f"/runs/{run}")
        rail = page.get_by_role("progressbar", name="Steps done").locator("xpath=..")
        expect(rail).to_contain_text(f"step {steps} of {steps}")
        talk = page.get_by_label(f"Talk to step {steps}", exact=True)
        nodes = fresh.api.get(f"/api/runs/{run}").json()["nodes"]
        own = next(node["run"] for node in nodes if node["name"] == output)
        expect(talk).to_have_attribute("href", re.compile(f"{own}.*{steps}"))
    context.close()


def is_done(house: House, run: str) -> bool:
    return status(house, run) == "done"
