"""The store as a whole: artifacts, runs, items below one root with a format version."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from glassworks.common.errors import Conflict, Forbidden, InvalidSpec
from glassworks.common.settings import Settings
from glassworks.storage.artifacts import ArtifactStore
from glassworks.storage.atomic import read_json, write_json
from glassworks.storage.items import ItemStore
from glassworks.storage.locks import exclusive, shared
from glassworks.storage.runs import RunStore

STORE_FORMAT = 1


class Store:
    """`<root>/{format.json, artifacts/, runs/, keys/, items/}`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.artifacts = ArtifactStore(root / "artifacts")
        self.runs = RunStore(root / "runs", root / "keys")
        self.items = ItemStore(root / "items")
        self.lock_file = root / "store.lock"

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Held by whoever runs something; many at once. Raises Conflict while `gc` works."""
        busy = Conflict("store-busy", "The store is being cleaned up.", "Try again in a moment.")
        with shared(self.lock_file, busy):
            yield

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Held by `gc`; nobody else may run something."""
        busy = Conflict(
            "store-busy", "Something is running in this store.", "Wait for it, or stop it first."
        )
        with exclusive(self.lock_file, busy):
            yield


def open_store(root: Path) -> Store:
    """Open the store at `root`, making it on first use. Raises InvalidSpec for another format, Forbidden."""
    file = root / "format.json"
    try:
        if file.exists():
            _check_format(file)
        else:
            root.mkdir(parents=True, exist_ok=True)
            write_json(file, {"store": STORE_FORMAT})
    except PermissionError as error:
        raise Forbidden(
            "store-forbidden",
            f"The store {root} cannot be written by this user.",
            "Set GLASSWORKS_HOME or GLASSWORKS_STORE to a folder of yours.",
            str(root),
        ) from error
    return Store(root)


def open_home(settings: Settings) -> Path:
    """Make the home folder on first use, readable by its owner only; returns it."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Forbidden(
            "home-forbidden",
            f"The home folder {settings.home} cannot be made: {error.strerror}.",
            "Set GLASSWORKS_HOME to a folder of yours.",
            str(settings.home),
        ) from error
    return settings.home


def _check_format(file: Path) -> None:
    try:
        found = read_json(file).get("store")
    except (ValueError, AttributeError):
        found = None
    if found != STORE_FORMAT:
        raise InvalidSpec(
            "store-format",
            f"The store {file.parent} has format {found}; this version reads format {STORE_FORMAT}.",
            "Use the version of Glassworks that made it, or another GLASSWORKS_STORE.",
            str(file),
        )
