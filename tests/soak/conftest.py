"""A soak takes as long as it takes; its seed, printed; and the file that it leaves: `soak-results/<name>-<seed>.json`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.exactness.conftest import seed

__all__ = ["seed", "write_result"]
RESULTS = Path(__file__).resolve().parents[2] / "soak-results"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Here no test is ended by the clock. The hook sees the tests of other folders too."""
    if "tests/soak/" in item.nodeid:
        item.add_marker(pytest.mark.timeout(0))


def write_result(name: str, seed: int, **fields: Any) -> Path:
    """Keep what a soak found, also when it found a fault; returns where."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}-{seed}.json"
    file.write_text(json.dumps({"name": name, "seed": seed, **fields}, indent=1) + "\n", "utf-8")
    return file
