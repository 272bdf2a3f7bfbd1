"""One tiny home, trained once; each test works on a copy of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.house import House
from tests.conftest import make_home, write_tiny_recipe

LONG = 600
"""Steps of the run that is long enough to be interrupted: some seconds, more on a busy machine."""
LONG_SETTINGS = (
    f"train.steps={LONG}",
    "train.checkpoint_every=50",
    "train.keep_states=6",
    "train.evaluate_every=100",
    "train.sample_every=100",
)


@pytest.fixture(scope="session")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recipe `tiny`: five stages, `train.checkpoint` is its main output."""
    return write_tiny_recipe(tmp_path_factory.mktemp("recipe"))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, recipe: Path) -> House:
    """The home in which `tiny` was built. Only looked at and copied, never changed."""
    house = House(make_home(tmp_path_factory.mktemp("trained") / "home"))
    house.must("run", str(recipe))
    return house


@pytest.fixture
def house(trained: House, tmp_path: Path) -> Iterator[House]:
    """A copy of the trained home; whatever still runs in it afterwards is ended."""
    copy = House(tmp_path / "house")
    shutil.copytree(trained.home, copy.home)
    yield copy
    copy.end()


def long_run(recipe: Path) -> list[str]:
    """The command that trains `tiny` for longer."""
    return ["run", str(recipe), *(word for s in LONG_SETTINGS for word in ("--set", s))]


@pytest.fixture(scope="session")
def long_checkpoint(trained: House, recipe: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The artifact that the long run makes when nobody interrupts it: an id that hashes every byte."""
    house = House(tmp_path_factory.mktemp("undisturbed") / "house")
    shutil.copytree(trained.home, house.home)
    outputs: dict[str, str] = house.must(*long_run(recipe))["outputs"]
    return outputs["train.checkpoint"]
