"""Writes the description of the interface: `web/openapi.json`, from which the pages get their types.

In: the server's app, made on an empty home of its own. Out: the file; with `--check` nothing is written and the exit code says
whether it is fresh.
"""

import contextlib
import json
import sys
import tempfile
from pathlib import Path

from glassworks.app import open_context
from glassworks.common.settings import Settings
from glassworks.server.http.app import create_app
from glassworks.storage.store import open_home

OPENAPI = Path("web/openapi.json")


def describe() -> str:
    """The document as text, the same on every machine."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", store=Path(folder) / "home" / "store")
        open_home(settings)
        with contextlib.closing(open_context(settings)) as context:
            document = create_app(context).openapi()
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    fresh = describe()
    written = OPENAPI.read_text(encoding="utf-8") if OPENAPI.exists() else ""
    if fresh == written:
        print(f"{OPENAPI} is fresh.")
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{OPENAPI} is stale. `make generate` writes it again.")
        return 1
    OPENAPI.write_text(fresh, encoding="utf-8")
    print(f"{OPENAPI} written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
