"""Where things lie. The roots come from the environment and are created on first use.

- `GLASSWORKS_HOME` (default `~/.glassworks`): keys, settings, machine.json, locks; on a local disk.
- `GLASSWORKS_CACHE` (default `<home>/cache`): what can be made again, such as loops compiled for this processor.
- `network.json` in it: the hosts that texts may be fetched from (see `docs/guides/sources.md`); without it, none.
- `GLASSWORKS_DATABASE`: URL of another database than the home's `glassworks.db`.
- `GLASSWORKS_MAX_UPLOAD_BYTES`: the largest file that the server takes (default 1 GB).
- `GLASSWORKS_STORE` (default `<home>/store`): runs, artifacts, items; may be on a shared disk.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from glassworks.common.errors import InvalidSpec

DEFAULT_PROJECT = "default"
MAX_UPLOAD_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Settings:
    """The roots, as absolute paths, and what else the environment says."""

    home: Path
    store: Path
    database_url: str | None = None
    max_upload_bytes: int = MAX_UPLOAD_BYTES

    @property
    def server_file(self) -> Path:
        """Where the server that holds this home says how to reach it."""
        return self.home / "server.json"

    @property
    def server_lock(self) -> Path:
        """Held by the one server of this home."""
        return self.home / "server.lock"

    @property
    def machine_file(self) -> Path:
        """What `glassworks doctor` measured of this machine."""
        return self.home / "machine.json"

    @property
    def network_file(self) -> Path:
        """Where the administrator says which hosts may be fetched from."""
        return self.home / "network.json"


def load_settings() -> Settings:
    """Read the settings from the environment; nothing is created. Raises InvalidSpec."""
    home = Path(os.environ.get("GLASSWORKS_HOME") or Path.home() / ".glassworks")
    store = Path(os.environ.get("GLASSWORKS_STORE") or home / "store")
    return Settings(
        home=home.expanduser().absolute(),
        store=store.expanduser().absolute(),
        database_url=os.environ.get("GLASSWORKS_DATABASE") or None,
        max_upload_bytes=_number("GLASSWORKS_MAX_UPLOAD_BYTES", MAX_UPLOAD_BYTES),
    )


def cache_folder() -> Path:
    """Where lies what can be made again. It may not be there yet."""
    cache = Path(os.environ.get("GLASSWORKS_CACHE") or load_settings().home / "cache")
    return cache.expanduser().absolute()


def _number(name: str, default: int) -> int:
    """A whole number from the environment. Raises InvalidSpec for what is none."""
    text = os.environ.get(name) or str(default)
    if not text.isdecimal():
        raise InvalidSpec("bad-setting", f"{name} is {text!r}, which is no whole number.", "", name)
    return int(text)
