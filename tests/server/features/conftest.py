"""A server on a store that holds something: a finished training, a dataset with two versions, a tokenizer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from glassworks.storage.store import Store, open_store
from tests.conftest import make_home
from tests.engine.stores import make_artifact, make_training
from tests.server.house import House


@pytest.fixture(scope="package")
def full_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Shared: leave nothing behind that another test could trip over."""
    home = make_home(tmp_path_factory.mktemp("full") / "home")
    fill(open_store(home / "store"))
    with House(home) as running:
        yield running


def fill(store: Store) -> None:
    flow, _ = make_training(store, "hamlet")
    for text in ("one", "two"):
        store.items.add_version("dataset", "plays", make_artifact(store, "dataset", text), flow.id)
    store.items.add_version("tokenizer", "bard", make_artifact(store, "tokenizer", "t"), None)
    store.items.add_version("dataset", "odes", make_artifact(store, "dataset", "o"), None, "odes")


def store_of(house: House) -> Store:
    return Store(Path(house.home) / "store")
