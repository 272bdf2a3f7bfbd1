"""The opened workshop of a test, with the plugin stage `count` installed for its workers; and homes made once.

What takes long (a trained model, a stopped run) is made once in a session and copied into each test's own home.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from glassworks.common.settings import Settings
from glassworks.engine.attempt import Stopper
from glassworks.engine.drive import drive, open_flow_run
from glassworks.engine.plan import make_plan
from glassworks.engine.tools_client import ToolsClient
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import load_recipe
from glassworks.specs.flow import PlanSpec, RecipeSpec
from tests.conftest import MACHINE, make_home, write_tiny_recipe
from tests.engine.counts import install_plugin, plan, planned, run_plan, until_rows
from tests.engine.plugin.counting import Count


@pytest.fixture(scope="package")
def plugin_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_plugin(tmp_path_factory.mktemp("plugin") / "site")


@pytest.fixture(scope="package", autouse=True)
def _plugin_is_installed(plugin_site: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(plugin_site), prepend=os.pathsep)
        yield


@pytest.fixture(scope="package")
def tools() -> Iterator[ToolsClient]:
    """One helper for all tests: it keeps nothing between two questions."""
    with ToolsClient() as client:
        yield client


@pytest.fixture
def workshop(home: Path) -> Iterator[Workshop]:
    with Workshop() as opened:
        assert opened.settings.home == home
        yield opened


@dataclass(frozen=True)
class Made:
    """A home in which something was run; `run` is the flow run, `recipe` what it was run from."""

    home: Path
    run: str
    plan: PlanSpec
    recipe: Path


def open_made(made: Path, tools: ToolsClient | None = None) -> Workshop:
    opened = Workshop(Settings(home=made, store=made / "store"))
    opened._tools = tools
    return opened


@pytest.fixture(scope="package")
def trained_home(tmp_path_factory: pytest.TempPathFactory, tools: ToolsClient) -> Made:
    """The tiny recipe, run to its end."""
    folder = tmp_path_factory.mktemp("trained")
    recipe = write_tiny_recipe(folder)
    workshop = open_made(make_home(folder / "home"), tools)
    spec = make_plan(workshop, load_recipe(str(recipe)), MACHINE)
    run = run_plan(workshop, spec)
    assert run.state().status == "done", run.state().error
    return Made(folder / "home", run.id, spec, recipe)


@pytest.fixture
def trained(home: Path, trained_home: Made, tools: ToolsClient) -> Iterator["Trained"]:
    """A copy of the trained home, opened."""
    shutil.copytree(trained_home.home / "store", home / "store", dirs_exist_ok=True)
    workshop = open_made(home, tools)
    yield Trained(workshop, trained_home.run, load_recipe(str(trained_home.recipe)))


@dataclass(frozen=True)
class Trained:
    """A home of this test with a finished run of the tiny recipe."""

    workshop: Workshop
    run: str
    recipe: RecipeSpec

    def drive(self, recipe: RecipeSpec) -> dict[str, str]:
        """Run a recipe here; returns node -> reason of the nodes that were not reused."""
        spec = make_plan(self.workshop, recipe, MACHINE)
        run, _ = open_flow_run(self.workshop, spec, MACHINE)
        state = drive(self.workshop, run, MACHINE, Stopper())
        assert state.status == "done", state.error
        return {name: d.reason for name, d in state.nodes.items() if d.action != "reuse"}


@pytest.fixture(scope="package")
def stopped_home(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A count to 20 that was killed at step 12; it saved at 5 and 10. Nothing holds it when it goes on."""
    folder = tmp_path_factory.mktemp("stopped")
    gate = folder / "gate"
    workshop = open_made(make_home(folder / "home"))
    spec = plan(planned("count", Count.Config(hold_at=12, gate=str(gate))))
    stopper = Stopper()

    def kill_at(num_rows: int) -> None:
        until_rows(workshop, num_rows)
        stopper.request("kill")

    asking = threading.Thread(target=kill_at, args=(12,))
    asking.start()
    run = run_plan(workshop, spec, stopper)
    asking.join()
    gate.touch()
    return Made(folder / "home", run.id, spec, gate)


@pytest.fixture
def stopped(home: Path, stopped_home: Made) -> Made:
    """A copy of the stopped home at the test's own."""
    shutil.copytree(stopped_home.home / "store", home / "store", dirs_exist_ok=True)
    return Made(home, stopped_home.run, stopped_home.plan, stopped_home.recipe)


@pytest.fixture(scope="package")
def counted_home(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """`first` counts to 4, `second` goes on from there to 3: done."""
    folder = make_home(tmp_path_factory.mktemp("counted") / "home")
    spec = plan(
        planned("first", Count.Config(steps=4)),
        planned("second", Count.Config(steps=3), before="first"),
    )
    run = run_plan(open_made(folder), spec)
    assert run.state().status == "done", run.state().error
    return Made(folder, run.id, spec, folder)


@pytest.fixture
def counted_twice(home: Path, counted_home: Made) -> Made:
    """A copy of that home at the test's own."""
    shutil.copytree(counted_home.home / "store", home / "store", dirs_exist_ok=True)
    return Made(home, counted_home.run, counted_home.plan, counted_home.recipe)
