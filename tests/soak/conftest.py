"""The seed, printed, and the file that a soak leaves: `soak-results/<name>-<seed>.json`."""

import json
from pathlib import Path
from typing import Any

from tests.exactness.conftest import seed

__all__ = ["seed", "write_result"]
RESULTS = Path(__file__).resolve().parents[2] / "soak-results"


def write_result(name: str, seed: int, **fields: Any) -> Path:
    """Keep what a soak found, also when it found a fault; returns where."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}-{seed}.json"
    file.write_text(json.dumps({"name": name, "seed": seed, **fields}, indent=1) + "\n", "utf-8")
    return file
