"""Writes the catalogue that ships in the package: `src/glassworks/content/catalog.json`.

In: every stage, component and metric, asked of the resident helper (`python -m glassworks.worker tools`, op `catalog`).
Out: the file; with `--check` nothing is written and the exit code says whether it is fresh. What plugins add stays out:
it belongs to an installation, not to the package.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CATALOG = Path("src/glassworks/content/catalog.json")
OURS = "glassworks"


def ask_helper() -> dict[str, Any]:
    """The helper's answer to `catalog`. Raises SystemExit with its error."""
    helper = subprocess.run(
        [sys.executable, "-m", "glassworks.worker", "tools"],
        input=json.dumps({"id": 1, "op": "catalog", "args": {}}) + "\n",
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if helper.returncode != 0 or not helper.stdout.strip():
        raise SystemExit("The helper gave no answer; what it printed stands above.")
    answer: dict[str, Any] = json.loads(helper.stdout)
    if not answer["ok"]:
        raise SystemExit(answer["error"]["message"])
    result: dict[str, Any] = answer["result"]
    return result


def without_plugins(catalog: dict[str, Any]) -> dict[str, Any]:
    """The catalogue of what the package itself brings."""
    components = {
        package: {name: part for name, part in parts.items() if part["origin"] == OURS}
        for package, parts in catalog["components"].items()
    }
    stages = {name: part for name, part in catalog["stages"].items() if part["origin"] == OURS}
    return {**catalog, "components": components, "stages": stages}


def as_text(catalog: dict[str, Any]) -> str:
    return json.dumps(catalog, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    fresh = as_text(without_plugins(ask_helper()))
    written = CATALOG.read_text(encoding="utf-8") if CATALOG.exists() else ""
    if fresh == written:
        print(f"{CATALOG} is fresh.")
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{CATALOG} is stale. `make generate` writes it again.")
        return 1
    CATALOG.write_text(fresh, encoding="utf-8")
    print(f"{CATALOG} written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
