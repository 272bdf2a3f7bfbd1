"""One server for all tests that only ask, and a fresh one for those that need their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import make_home
from tests.server.house import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running server on an empty store, shared: leave nothing behind that another test could trip over."""
    with House(make_home(tmp_path_factory.mktemp("shared") / "home")) as running:
        yield running


@pytest.fixture
def own_house(tmp_path: Path) -> House:
    """A server that is not started yet, on a home of the test's own."""
    return House(make_home(tmp_path / "home"))
