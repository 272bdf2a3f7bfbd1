"""Where things lie. Two roots, both from the environment, both created on first use.

- `GLASSWORKS_HOME` (default `~/.glassworks`): keys, settings, machine.json, locks; on a local disk.
- `GLASSWORKS_DATABASE`: URL of another database than the home's `glassworks.db`.
- `GLASSWORKS_STORE` (default `<home>/store`): runs, artifacts, items; may be on a shared disk.
"""

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PROJECT = "default"


@dataclass(frozen=True)
class Settings:
    """The two roots, as absolute paths."""

    home: Path
    store: Path
    database_url: str | None = None

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


def load_settings() -> Settings:
    """Read the two roots from the environment; nothing is created."""
    home = Path(os.environ.get("GLASSWORKS_HOME") or Path.home() / ".glassworks")
    store = Path(os.environ.get("GLASSWORKS_STORE") or home / "store")
    return Settings(
        home=home.expanduser().absolute(),
        store=store.expanduser().absolute(),
        database_url=os.environ.get("GLASSWORKS_DATABASE") or None,
    )
